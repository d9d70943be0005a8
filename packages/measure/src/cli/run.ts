import { join } from 'node:path'
import { devTls } from '@h2lab/tls-context'
import pc from 'picocolors'
import { type Experiment, pointsOf } from '../experiment/experiment'
import { runExperiment, type TrialOutcome } from '../experiment/run-experiment'
import { SWEEP_NAME, sweep } from '../experiments/sweep'
import { chooseGenerator } from '../generators/generators'
import { REPORT_FILE, saveReport } from '../report/save-report'
import type { LoadVariables, LoadWorld } from '../simulator/loaded-server'
import { type Manifest, thisMachine, versionsInUse } from '../storage/manifest'
import { makeResultsFolder, saveManifest, saveTrial } from '../storage/results-folder'
import { scenarioTitle } from '../summary/scenario-title'
import { type ChosenTarget, chooseTargets } from '../targets/choose-targets'
import { findTarget } from '../targets/targets'
import { toTrial } from '../trial/to-trial'
import type { Trial } from '../trial/trial'
import { watchInterruption } from './interruption'
import { Progress } from './progress'
import { type RunFlags, type RunSettings, runSettings } from './run-settings'
import { resultsTable } from './table'

/**
 * `h2lab run`: makes the trials of an experiment one by one and saves each at once, then shows
 * and writes up what there is.
 *
 * @returns the exit code: 1 if a trial failed or the run was interrupted
 */
export async function run(experiment: string | undefined, flags: RunFlags): Promise<number> {
  const settings = runSettings(experiment, flags)
  const { generator, version } = await chooseGenerator(settings.generator)
  const { chosen, missing } = await chooseTargets(settings.targets)
  const targets = chosen.map(({ target }) => target)
  const experimentToRun = sweep({ ...settings.sweep, targets }, generator, await devTls())
  const startedAt = new Date()
  const folder = settings.out ?? join('results', `${timeStamp(startedAt)}-${SWEEP_NAME}`)
  await makeResultsFolder(folder)
  const manifest = firstManifest(settings, experimentToRun, chosen, startedAt, {
    name: generator.name,
    version,
  })
  await saveManifest(folder, manifest)

  const progress = new Progress(process.stderr)
  for (const { name, reason } of missing) progress.note(`not measured: ${name}: ${reason}`)
  const interruption = watchInterruption(() => progress.note('interrupted: ending the run'))
  const { signal } = interruption
  const outcomes = runExperiment(experimentToRun, {
    repeat: settings.repeat,
    signal,
    onTrialStart: (identity, variables) => progress.trialStarted(identity, titleOf(variables)),
  })
  const trials = await keepTrials(
    outcomes,
    (outcome) => {
      const target = findTarget(outcome.variables.implementation, targets)
      return toTrial(outcome, generator.name, target?.httpVersion)
    },
    folder,
    progress,
  )
  const interrupted = signal.aborted

  const ended: Manifest = {
    ...manifest,
    state: {
      kind: interrupted ? 'interrupted' : 'completed',
      endedAt: new Date().toISOString(),
    },
    tlsCiphers: ciphersOf(trials),
  }
  await saveManifest(folder, ended)
  const cells = await saveReport(folder, { manifest: ended, trials })
  interruption.end()

  if (settings.json) process.stdout.write(`${JSON.stringify(trials, undefined, 2)}\n`)
  else if (cells.length > 0) process.stdout.write(`\n${resultsTable(cells, pc)}\n`)
  const closing = [
    ...(interrupted
      ? [`Interrupted: ${trials.length} of ${manifest.trials} trials are kept.`]
      : []),
    `Report: ${join(folder, REPORT_FILE)}`,
  ].join('\n')
  // With --json only JSON goes to the standard output.
  const stream = settings.json ? process.stderr : process.stdout
  stream.write(`${closing}\n`)
  return interrupted || trials.some(({ outcome }) => outcome === 'failed') ? 1 : 0
}

/** Saves each trial as it ends, and shows how far the run is. */
async function keepTrials(
  outcomes: AsyncIterable<TrialOutcome<LoadVariables>>,
  toSaved: (outcome: TrialOutcome<LoadVariables>) => Trial,
  folder: string,
  progress: Progress,
): Promise<Trial[]> {
  const trials: Trial[] = []
  for await (const outcome of outcomes) {
    const trial = toSaved(outcome)
    await saveTrial(folder, trial)
    trials.push(trial)
    progress.trialEnded()
    if (trial.outcome === 'failed') {
      progress.note(`failed: ${titleOf(outcome.variables)}: ${trial.error}`)
    }
  }
  progress.end()
  return trials
}

function firstManifest(
  { sweep: { scenarios, streams, duration, warmup }, repeat }: RunSettings,
  experiment: Experiment<LoadVariables, LoadWorld>,
  chosen: readonly ChosenTarget[],
  startedAt: Date,
  generator: Manifest['generator'],
): Manifest {
  return {
    experiment: { name: experiment.name, title: experiment.title },
    startedAt: startedAt.toISOString(),
    state: { kind: 'running' },
    trials: pointsOf(experiment).length * repeat,
    options: {
      implementations: chosen.map(({ target }) => target.name),
      scenarios: scenarios.map(({ clients, tls }) => ({ clients, tls })),
      streams: [...streams],
      duration,
      warmup,
      repeat,
    },
    others: chosen.flatMap(({ target: { name, kind }, version }) =>
      kind === 'implementation' ? [] : [{ name, kind, version }],
    ),
    generator,
    tlsCiphers: [],
    machine: thisMachine(),
    versions: versionsInUse(),
  }
}

function ciphersOf(trials: readonly Trial[]): string[] {
  const ciphers = trials.flatMap((trial) =>
    trial.outcome === 'completed' && trial.tlsCipher !== null ? [trial.tlsCipher] : [],
  )
  return [...new Set(ciphers)].sort()
}

function titleOf({ implementation, scenario, streams }: LoadVariables): string {
  return `${implementation}, ${scenarioTitle(scenario)}, ${streams} ${streams === 1 ? 'stream' : 'streams'}`
}

/** As `2026-11-25T09-52-03`: a file name on every system. */
function timeStamp(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(':', '-')
}
