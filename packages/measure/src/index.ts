export { type AnswerCheck, checkAnswer } from './answer-check/check-answer'
export { CLIPS, encryption, generatorUsage, latency, requests, serverUsage } from './clips/clips'
export { MeasureError, type MeasureErrorCode } from './errors'
export {
  type Clip,
  type ClipSchedule,
  type ColumnValues,
  defineClip,
  type Instrument,
  type SeriesRow,
} from './experiment/clip'
export {
  crossProduct,
  defineExperiment,
  type Experiment,
  type Phases,
  pointsOf,
  type Simulator,
  type VariableValues,
} from './experiment/experiment'
export {
  type RunOptions,
  runExperiment,
  type TrialIdentity,
  type TrialOutcome,
} from './experiment/run-experiment'
export {
  QUICK_SWEEP,
  SWEEP_DEFAULTS,
  type SweepOptions,
  type SweepSize,
  sweep,
} from './experiments/sweep'
export { embedded } from './generators/embedded/embedded'
export { chooseGenerator, GENERATORS, type GeneratorChoice } from './generators/generators'
export { generatorFrom, h2load } from './generators/h2load/h2load'
export { type H2loadReport, parseH2load } from './generators/h2load/parse-h2load'
export type { HttpVersion } from './generators/http-version'
export type {
  Availability,
  Load,
  LoadEvents,
  LoadGenerator,
  LoadResult,
} from './generators/load-generator'
export { BASELINE } from './implementations/baseline'
export {
  findImplementation,
  IMPLEMENTATIONS,
  type Implementation,
} from './implementations/implementation'
export { PEERS } from './peers/peers'
export { saveReport } from './report/save-report'
export type { ResourceUsage } from './server-process/messages'
export {
  type LoadedServerOptions,
  type LoadVariables,
  type LoadWorld,
  loadedServer,
  type Scenario,
} from './simulator/loaded-server'
export { CONFIDENCE, type Estimate } from './statistics/estimate'
export { type Manifest, manifestSchema } from './storage/manifest'
export { type Results, readResults } from './storage/results-folder'
export { type Cell, toCells } from './summary/cells'
export {
  type Rank,
  type Ranking,
  type RankingWithTies,
  type Step,
  type Tie,
  type Verdict,
  verdicts,
} from './summary/verdict'
export {
  type RankText,
  rankingRemarks,
  rankTexts,
  verdictNotes,
  verdictTitle,
} from './summary/verdict-text'
export { IMPLEMENTATION_TARGETS } from './targets/implementation-targets'
export { remoteTarget } from './targets/remote-target'
export type { RunningTarget, Target, TargetSetup } from './targets/target'
export { findTarget, TARGETS } from './targets/targets'
export { toTrial } from './trial/to-trial'
export {
  type CompletedTrial,
  completedTrialSchema,
  type FailedTrial,
  failedTrialSchema,
  parseTrial,
  type Trial,
  trialSchema,
} from './trial/trial'
