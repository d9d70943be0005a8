import { AttachedClips } from './attached-clips'
import type { ColumnValues, SeriesRow } from './clip'
import { type Experiment, pointsOf } from './experiment'

export interface RunOptions<Variables> {
  /** How many trials of each point. Default 1. */
  readonly repeat?: number
  /** Ends the run early: the trial under way is given up. */
  readonly signal?: AbortSignal
  /** Told before each trial. */
  readonly onTrialStart?: (trial: TrialIdentity, variables: Variables) => void
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
  readonly startedAt: Date
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
 */
export async function* runExperiment<Variables extends object, World>(
  experiment: Experiment<Variables, World>,
  options: RunOptions<Variables> = {},
): AsyncGenerator<TrialOutcome<Variables>, void> {
  const { repeat = 1, signal = new AbortController().signal, onTrialStart } = options
  const points = pointsOf(experiment)
  const trials = points.length * repeat
  let trial = 0
  for (let round = 1; round <= repeat; round++) {
    for (const variables of points) {
      if (signal.aborted) return
      const identity = { trial: ++trial, round, trials }
      onTrialStart?.(identity, variables)
      const startedAt = new Date()
      const result = await runTrial(experiment, variables, signal)
      if (result === 'aborted') return
      yield { ...identity, variables, startedAt, ...result }
    }
  }
}

type TrialResult =
  | { outcome: 'completed'; columns: ColumnValues; series: readonly SeriesRow[] }
  | { outcome: 'failed'; error: Error }
  | 'aborted'

async function runTrial<Variables extends object, World>(
  experiment: Experiment<Variables, World>,
  variables: Variables,
  signal: AbortSignal,
): Promise<TrialResult> {
  const { simulator } = experiment
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
    await simulator.run(world, phases, signal)
    await attached.collect()
    return { outcome: 'completed', columns: attached.columns, series: attached.series }
  } catch (error) {
    if (signal.aborted) return 'aborted'
    return { outcome: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
  } finally {
    clips?.stopTimers()
    if (world !== undefined) await simulator.dispose(world)
  }
}
