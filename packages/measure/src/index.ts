export { type AnswerCheck, checkAnswer } from './answer-check/check-answer'
export {
  CLIPS,
  encryption,
  generatorUsage,
  latency,
  requests,
  serverUsage,
  turns,
} from './clips/clips'
export type {
  ComparedPoint,
  ComparedSide,
  Comparison,
  Effect,
  EffectVerdict,
  Figure,
} from './compare/comparison'
export {
  type Contest,
  compareInTurns,
  type InTurnsOptions,
  type Repetition,
} from './compare/measure-in-turns'
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
  type TurnSimulator,
  type VariableValues,
  type WholeSimulator,
} from './experiment/experiment'
export {
  type NextRepetition,
  type RunOptions,
  runExperiment,
  type TrialIdentity,
  type TrialOutcome,
} from './experiment/run-experiment'
export { EQUAL_RATE_DEFAULTS, equalRate, QUICK_EQUAL_RATE } from './experiments/equal-rate'
export {
  LATENCY_DEFAULTS,
  LATENCY_SLICE,
  latencyOverRate,
  QUICK_LATENCY,
} from './experiments/latency'
export type { RateOptions, TurnMethod } from './experiments/rate-experiment'
export { commonRates, easyRates, ratesUpTo } from './experiments/rate-ladder'
export { type RatePlan, ratesOf, type Saturation } from './experiments/rate-plan'
export {
  QUICK_SWEEP,
  SWEEP_DEFAULTS,
  type SweepMethod,
  type SweepOptions,
  type SweepSize,
  sweep,
  WHOLE_SWEEP,
} from './experiments/sweep'
export { embedded } from './generators/embedded'
export { chooseGenerator, GENERATORS, type GeneratorChoice } from './generators/generators'
export { generatorFrom, h2load } from './generators/h2load/h2load'
export { type H2loadReport, parseH2load } from './generators/h2load/parse-h2load'
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
export type { HttpVersion } from './load/http-version'
export type { Pinning } from './machine/cpus'
export type { CpuSource } from './machine/tree-cpu'
export { PEERS } from './peers/peers'
export { saveReport } from './report/save-report'
export type { ResourceUsage } from './server-process/messages'
export { type ServedServer, serveMeasured } from './server-process/serve-measured'
export type { LoadVariables, LoadWorld, Scenario, TurnsRecord } from './simulator/load-world'
export { type LoadedServerOptions, loadedServer } from './simulator/loaded-server'
export {
  type ServersInTurnsOptions,
  serversInTurns,
  TURN_DEFAULTS,
} from './simulator/servers-in-turns'
export {
  CONFIDENCE,
  type Estimate,
  estimate,
  estimateRatio,
  relativeMargin,
  showsDifference,
} from './statistics/estimate'
export { holdTogether } from './statistics/holm'
export { studentTQuantile } from './statistics/student-t'
export { estimateUnpairedRatio } from './statistics/welch'
export { type Manifest, manifestSchema } from './storage/manifest'
export { type Results, readResults } from './storage/results-folder'
export { type Cell, toCells } from './summary/cells'
export { KNEE_NOTES, type KneeVerdict, kneeVerdicts } from './summary/knee-verdict'
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
export { type ProcessTargetOptions, processTarget } from './targets/process-target'
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
