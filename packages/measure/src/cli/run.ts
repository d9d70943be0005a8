import { join, resolve } from 'node:path'
import { frequencyRange } from '../machine/frequency'
import { type RunLock, takeRunLock } from '../machine/run-lock'
import { REPORT_FILE } from '../report/save-report'
import type { Manifest } from '../storage/manifest'
import {
  type MadeFolder,
  makeNewResultsFolder,
  makeResultsFolder,
  saveManifest,
} from '../storage/results-folder'
import { TrialsFile } from '../storage/trials-file'
import type { Trial } from '../trial/trial'
import { type Interruption, watchInterruption } from './interruption'
import { type MadeTrials, makeTrials } from './make-trials'
import { precisionLines } from './precision-note'
import { type PreparedRun, prepareRun } from './prepare-run'
import { Progress } from './progress'
import { type RunFlags, type RunSettings, runSettings } from './run-settings'
import { saveRun } from './save-run'
import { terminalTable } from './terminal-table'

/**
 * `h2lab run`: runs the trials of an experiment and saves each at once, then shows the results and writes a report.
 *
 * @returns the exit code: 1 if a trial failed, the run was interrupted or something can't be saved
 */
export async function run(experiment: string | undefined, flags: RunFlags): Promise<number> {
  const settings = runSettings(experiment, flags)
  const startedAt = new Date()
  const folder = await resultsFolder(settings, startedAt)
  const progress = new Progress(process.stderr)
  const interruption = watchInterruption(() => progress.note('interrupted: ending the run'))
  let lock: RunLock | undefined
  let prepared: PreparedRun
  try {
    lock = await takeRunLock(resolve(folder.path), settings.force)
    const tell = (line: string) => progress.note(line)
    prepared = await prepareRun(settings, { startedAt, signal: interruption.signal, tell })
    await saveManifest(folder.path, prepared.manifest)
  } catch (error) {
    interruption.end()
    await lock?.release()
    await folder.discard()
    throw error
  }
  try {
    const watched = { progress, interruption, lock }
    return await runPrepared(prepared, settings, folder.path, watched)
  } finally {
    interruption.end()
    await lock.release()
  }
}

/** What exists from the beginning of a run to its end. */
interface Watched {
  readonly progress: Progress
  readonly interruption: Interruption
  readonly lock: RunLock
}

async function runPrepared(
  prepared: PreparedRun,
  settings: RunSettings,
  folder: string,
  { progress, interruption, lock: { heldBy } }: Watched,
): Promise<number> {
  if (heldBy !== undefined) {
    progress.note(
      `process ${heldBy.pid} is also measuring here (${heldBy.folder ?? 'comparing'}): both runs are disturbed`,
    )
  }
  for (const { name, reason } of prepared.missing) progress.note(`not measured: ${name}: ${reason}`)
  const file = new TrialsFile(folder)
  const made = await makeTrials(prepared, settings, interruption.signal, file, progress)
  const { trials } = made
  const interrupted = interruption.signal.aborted

  // Printed before anything is written, in case writing fails.
  printTrials(trials, settings, folder)
  for (const line of precisionLines(trials, settings.repetitions)) tell(line)
  if (settings.quick) tell('A quick run is a first look: leave --quick out for figures to rely on.')
  if (interrupted) tell(`Interrupted: ${keptText(settings, prepared, trials)} are kept.`)
  const manifest = endedManifest(prepared.manifest, settings, made, interrupted)
  const saved = await saveRun(folder, file, { manifest, trials })
  interruption.end()
  if (saved) tell(`Report: ${join(folder, REPORT_FILE)}`)
  const failed = trials.some(({ outcome }) => outcome === 'failed')
  return interrupted || failed || !saved ? 1 : 0

  /** With --json, only JSON goes to the standard output. */
  function tell(line: string): void {
    const stream = settings.json ? process.stderr : process.stdout
    stream.write(`${line}\n`)
  }
}

function resultsFolder({ out, experiment }: RunSettings, startedAt: Date): Promise<MadeFolder> {
  return out === undefined
    ? makeNewResultsFolder('results', `${timeStamp(startedAt)}-${experiment.of.name}`)
    : makeResultsFolder(out)
}

function endedManifest(
  manifest: Manifest,
  { repetitions }: RunSettings,
  { trials, frequencies }: MadeTrials,
  interrupted: boolean,
): Manifest {
  const rounds = trials.map(({ round }) => round)
  const planned =
    repetitions.kind === 'fixed'
      ? {}
      : {
          // The planned number depended on the time.
          trials: Math.max(manifest.trials, trials.length),
          options: { ...manifest.options, repeat: Math.max(1, ...rounds) },
        }
  return {
    ...manifest,
    ...planned,
    state: {
      kind: interrupted ? 'interrupted' : 'completed',
      endedAt: new Date().toISOString(),
    },
    tlsCiphers: ciphersOf(trials),
    machine: { ...manifest.machine, frequency: frequencyRange(frequencies) ?? null },
  }
}

function keptText(
  { repetitions }: RunSettings,
  { manifest }: PreparedRun,
  trials: readonly Trial[],
): string {
  const of = repetitions.kind === 'fixed' ? ` of ${manifest.trials}` : ''
  return `${trials.length}${of} trials`
}

function printTrials(
  trials: readonly Trial[],
  { experiment, json, wide }: RunSettings,
  folder: string,
): void {
  if (json) process.stdout.write(`${JSON.stringify(trials, undefined, 2)}\n`)
  else if (trials.length > 0) {
    process.stdout.write(
      `\n${terminalTable(trials, { experiment: experiment.of, wide, folder })}\n`,
    )
  }
}

function ciphersOf(trials: readonly Trial[]): string[] {
  const ciphers = trials.flatMap((trial) =>
    trial.outcome === 'completed' && trial.tlsCipher !== null ? [trial.tlsCipher] : [],
  )
  return [...new Set(ciphers)].sort()
}

/** Such as `2026-11-25T09-52-03`: a file name on every system. */
function timeStamp(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(':', '-')
}
