import { join } from 'node:path'
import { MeasureError } from '../errors'
import { runExperiment } from '../experiment/run-experiment'
import { SWEEP_NAME } from '../experiments/sweep'
import { REPORT_FILE } from '../report/save-report'
import type { LoadVariables } from '../simulator/loaded-server'
import type { Manifest } from '../storage/manifest'
import {
  type MadeFolder,
  makeNewResultsFolder,
  makeResultsFolder,
  saveManifest,
} from '../storage/results-folder'
import { TrialsFile } from '../storage/trials-file'
import { scenarioTitle } from '../summary/scenario-title'
import { streamsTitle } from '../summary/streams-title'
import { findTarget } from '../targets/targets'
import { toTrial } from '../trial/to-trial'
import type { Trial } from '../trial/trial'
import { watchInterruption } from './interruption'
import { type PreparedRun, prepareRun } from './prepare-run'
import { Progress } from './progress'
import { type RunFlags, type RunSettings, runSettings } from './run-settings'
import { saveRun } from './save-run'
import { terminalTable } from './terminal-table'

/**
 * `h2lab run`: makes the trials of an experiment one by one and saves each at once, then shows
 * and writes up what there is.
 *
 * @returns the exit code: 1 if a trial failed, the run was interrupted or something can't be saved
 */
export async function run(experiment: string | undefined, flags: RunFlags): Promise<number> {
  const settings = runSettings(experiment, flags)
  const startedAt = new Date()
  const folder = await resultsFolder(settings, startedAt)
  let prepared: PreparedRun
  try {
    prepared = await prepareRun(settings, startedAt)
    await saveManifest(folder.path, prepared.manifest)
  } catch (error) {
    await folder.discard()
    throw error
  }
  const { manifest, missing } = prepared

  const progress = new Progress(process.stderr)
  for (const { name, reason } of missing) progress.note(`not measured: ${name}: ${reason}`)
  const interruption = watchInterruption(() => progress.note('interrupted: ending the run'))
  const file = new TrialsFile(folder.path)
  const trials = await makeTrials(prepared, settings, interruption.signal, file, progress)
  const interrupted = interruption.signal.aborted

  // Before anything is written: it is there whatever becomes of the files.
  printTrials(trials, settings, folder.path)
  if (interrupted) tell(`Interrupted: ${trials.length} of ${manifest.trials} trials are kept.`)
  const saved = await saveRun(folder.path, file, { manifest: endedManifest(), trials })
  interruption.end()
  if (saved) tell(`Report: ${join(folder.path, REPORT_FILE)}`)
  const failed = trials.some(({ outcome }) => outcome === 'failed')
  return interrupted || failed || !saved ? 1 : 0

  function endedManifest(): Manifest {
    return {
      ...manifest,
      state: {
        kind: interrupted ? 'interrupted' : 'completed',
        endedAt: new Date().toISOString(),
      },
      tlsCiphers: ciphersOf(trials),
    }
  }

  /** With --json only JSON goes to the standard output. */
  function tell(line: string): void {
    const stream = settings.json ? process.stderr : process.stdout
    stream.write(`${line}\n`)
  }
}

function resultsFolder({ out }: RunSettings, startedAt: Date): Promise<MadeFolder> {
  return out === undefined
    ? makeNewResultsFolder('results', `${timeStamp(startedAt)}-${SWEEP_NAME}`)
    : makeResultsFolder(out)
}

/** Makes the trials, saves each as it ends, and shows how far the run is. */
async function makeTrials(
  { experiment, generator, targets }: PreparedRun,
  { repeat }: RunSettings,
  signal: AbortSignal,
  file: TrialsFile,
  progress: Progress,
): Promise<Trial[]> {
  const outcomes = runExperiment(experiment, {
    repeat,
    signal,
    onTrialStart: (identity, variables) => progress.trialStarted(identity, titleOf(variables)),
    onTrialRepeat: (_, variables, { message }) =>
      progress.note(`made again: ${titleOf(variables)}: ${message}`),
  })
  const trials: Trial[] = []
  for await (const outcome of outcomes) {
    const target = findTarget(outcome.variables.implementation, targets)
    const trial = toTrial(outcome, generator, target?.httpVersion)
    trials.push(trial)
    progress.trialEnded()
    if (trial.outcome === 'failed') {
      progress.note(`failed: ${titleOf(outcome.variables)}: ${trial.error}`)
    }
    await addTrial(file, trial, progress)
  }
  progress.end()
  return trials
}

/** The run goes on without room for the trial: there may be some again at the next. */
async function addTrial(file: TrialsFile, trial: Trial, progress: Progress): Promise<void> {
  const alreadyFailing = file.unsaved.length > 0
  try {
    await file.add(trial)
    if (alreadyFailing) progress.note('saved now, with all trials before')
  } catch (error) {
    if (!(error instanceof MeasureError)) throw error
    if (!alreadyFailing) progress.note(`${error.message} The run goes on.`)
  }
}

function printTrials(trials: readonly Trial[], { json, wide }: RunSettings, folder: string): void {
  if (json) process.stdout.write(`${JSON.stringify(trials, undefined, 2)}\n`)
  else if (trials.length > 0) {
    process.stdout.write(`\n${terminalTable(trials, { wide, folder })}\n`)
  }
}

function ciphersOf(trials: readonly Trial[]): string[] {
  const ciphers = trials.flatMap((trial) =>
    trial.outcome === 'completed' && trial.tlsCipher !== null ? [trial.tlsCipher] : [],
  )
  return [...new Set(ciphers)].sort()
}

function titleOf({ implementation, scenario, streams }: LoadVariables): string {
  return `${implementation}, ${scenarioTitle(scenario)}, ${streamsTitle(streams)}`
}

/** As `2026-11-25T09-52-03`: a file name on every system. */
function timeStamp(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(':', '-')
}
