import type { OptionNamesOf } from '@h2lab/octets'
import { MeasureError } from '../errors'
import { checkOptionNames } from '../option-names'
import { AttachedClips } from './attached-clips'
import type { ColumnValues, SeriesRow } from './clip'
import { type Experiment, pointsOf } from './experiment'

export interface RunOptions<Variables> {
  /** How many trials of each point. Default 1. */
  readonly repeat?: number | undefined
  /** Ends the run early: the trial under way is given up. */
  readonly signal?: AbortSignal | undefined
  /** Told before each trial. */
  readonly onTrialStart?: ((trial: TrialIdentity, variables: Variables) => void) | undefined
  /** Told before a trial is made once more, with what its first attempt failed by. */
  readonly onTrialRepeat?:
    | ((trial: TrialIdentity, variables: Variables, error: Error) => void)
    | undefined
}

const OPTIONS: OptionNamesOf<RunOptions<object>> = {
  repeat: true,
  signal: true,
  onTrialStart: true,
  onTrialRepeat: true,
}

/** Which trial of how many. */
export interface TrialIdentity {
  /** From 1. */
  readonly trial: number
  /** Which repetition of its point, from 1. */
  readonly round: number
  readonly trials: number
}

/** What came of one trial. */
export type TrialOutcome<Variables> = TrialIdentity & {
  readonly variables: Variables
  /** Of a trial that was made twice, the beginning of the second attempt. */
  readonly startedAt: Date
  /** Why the trial was made twice: its first attempt took too long. */
  readonly repeatedAfter?: Error
} & (
    | {
        readonly outcome: 'completed'
        readonly columns: ColumnValues
        readonly series: readonly SeriesRow[]
      }
    | { readonly outcome: 'failed'; readonly error: Error }
  )

/**
 * Runs an experiment and yields its trials as they end.
 *
 * One trial of each point, then the next of each: so what disturbs the machine for a while
 * falls on many points, not on all trials of one.
 *
 * A trial that fails with a {@link MeasureError} `TIMED_OUT` is made once more: a machine that was
 * busy for a moment says nothing about what is measured. The second attempt counts.
 *
 * @throws MeasureError `USAGE` if an option does not exist
 */
export async function* runExperiment<Variables extends object, World>(
  experiment: Experiment<Variables, World>,
  options: RunOptions<Variables> = {},
): AsyncGenerator<TrialOutcome<Variables>, void> {
  checkOptionNames(options, OPTIONS)
  const { repeat = 1, signal = new AbortController().signal, onTrialStart, onTrialRepeat } = options
  const points = pointsOf(experiment)
  const trials = points.length * repeat
  let trial = 0
  for (let round = 1; round <= repeat; round++) {
    for (const variables of points) {
      if (signal.aborted) return
      const identity = { trial: ++trial, round, trials }
      onTrialStart?.(identity, variables)
      const first = await runTrial(experiment, variables, signal)
      if (first === 'aborted') return
      if (!hasTimedOut(first)) {
        yield { ...identity, variables, ...first }
        continue
      }
      onTrialRepeat?.(identity, variables, first.error)
      const second = await runTrial(experiment, variables, signal)
      if (second === 'aborted') return
      yield { ...identity, variables, repeatedAfter: first.error, ...second }
    }
  }
}

type TrialResult = { startedAt: Date } & (
  | { outcome: 'completed'; columns: ColumnValues; series: readonly SeriesRow[] }
  | { outcome: 'failed'; error: Error }
)

type Failed = Extract<TrialResult, { outcome: 'failed' }>

function hasTimedOut(result: TrialResult): result is Failed {
  if (result.outcome !== 'failed') return false
  return result.error instanceof MeasureError && result.error.code === 'TIMED_OUT'
}

async function runTrial<Variables extends object, World>(
  experiment: Experiment<Variables, World>,
  variables: Variables,
  signal: AbortSignal,
): Promise<TrialResult | 'aborted'> {
  const { simulator } = experiment
  const startedAt = new Date()
  let world: World | undefined
  let clips: AttachedClips<World> | undefined
  try {
    world = await simulator.prepare(variables)
    const attached = new AttachedClips(experiment.clips, world)
    clips = attached
    const phases = {
      begin: () => attached.enable(),
      end: () => attached.disable(),
      signal: (event: string) => attached.signal(event),
    }
    if (!('run' in simulator)) throw new TypeError('Trials in turns are not run yet.')
    await simulator.run(world, phases, signal)
    await attached.collect()
    const { columns, series } = attached
    return { startedAt, outcome: 'completed', columns, series }
  } catch (error) {
    if (signal.aborted) return 'aborted'
    const reason = error instanceof Error ? error : new Error(String(error))
    return { startedAt, outcome: 'failed', error: reason }
  } finally {
    clips?.stopTimers()
    if (world !== undefined) await simulator.dispose(world)
  }
}
