import { checkOptionNames } from '../option-names'
import { type Random, seededRandom } from '../statistics/random'
import { type Experiment, pointsOf, type TurnSimulator, type WholeSimulator } from './experiment'
import { runInTurns } from './run-in-turns'
import { RUN_OPTIONS, type RunOptions, type TrialOutcome } from './run-options'
import { runWhole } from './run-whole'

export type { NextRepetition, RunOptions, TrialIdentity, TrialOutcome } from './run-options'

/**
 * Runs an experiment and yields its trials as they end.
 *
 * Each point is repeated once before any is repeated again, so that temporary disturbances of the machine affect many
 * points instead of all trials of one. With a {@link WholeSimulator} a repetition is a trial. With a {@link
 * TurnSimulator} it is one trial of each compared value. These take turns and are yielded together, with the same
 * `round`.
 *
 * A trial that fails with a {@link MeasureError} `TIMED_OUT` is repeated once, because a busy machine says nothing
 * about the server. The second attempt counts. In turns it is part of the same repetition.
 *
 * @throws MeasureError `USAGE` if an option does not exist
 */
export async function* runExperiment<Variables extends object, World>(
  experiment: Experiment<Variables, World>,
  options: RunOptions<Variables> = {},
): AsyncGenerator<TrialOutcome<Variables>, void> {
  checkOptionNames(options, RUN_OPTIONS)
  const { repeat = 1, goesOn = () => true, signal = new AbortController().signal } = options
  const points = pointsOf(experiment)
  const run = { experiment, options, signal, trials: points.length * repeat, made: 0 }
  let repetitions = repetitionsOf(run, points)
  for (let round = 1; round <= repeat && repetitions.length > 0; round++) {
    const goingOn: Repetition<Variables>[] = []
    for (const repetition of repetitions) {
      if (signal.aborted) return
      if (!goesOn({ round, variables: repetition.first })) continue
      goingOn.push(repetition)
      const outcomes = await repetition.run(round)
      if (outcomes === 'aborted') return
      yield* outcomes
    }
    repetitions = goingOn
  }
}

interface Run<Variables extends object, World> {
  readonly experiment: Experiment<Variables, World>
  readonly options: RunOptions<Variables>
  readonly signal: AbortSignal
  /** The most trials. */
  readonly trials: number
  /** The number of trials started. */
  made: number
}

/** A unit of repetition: a trial, or several in turns. */
interface Repetition<Variables> {
  readonly first: Variables
  run(round: number): Promise<readonly TrialOutcome<Variables>[] | 'aborted'>
}

function repetitionsOf<Variables extends object, World>(
  run: Run<Variables, World>,
  points: readonly Variables[],
): Repetition<Variables>[] {
  const { simulator } = run.experiment
  if (!('sideBySide' in simulator)) return points.map((point) => whole(run, simulator, point))
  const random = seededRandom(simulator.seed)
  return sideBySide(points, simulator.sideBySide).map((compared) =>
    inTurns(run, simulator, compared, random),
  )
}

/** Groups points that differ in one variable only, in the order of their first occurrence. */
function sideBySide<Variables extends object>(
  points: readonly Variables[],
  variable: keyof Variables,
): Variables[][] {
  const groups = new Map<string, Variables[]>()
  for (const point of points) {
    const place = JSON.stringify({ ...point, [variable]: null })
    const group = groups.get(place)
    if (group === undefined) groups.set(place, [point])
    else group.push(point)
  }
  return [...groups.values()]
}

function whole<Variables extends object, World>(
  run: Run<Variables, World>,
  simulator: WholeSimulator<Variables, World>,
  variables: Variables,
): Repetition<Variables> {
  const { experiment, signal, options } = run
  return {
    first: variables,
    async run(round) {
      const identity = { trial: ++run.made, round, trials: run.trials }
      options.onTrialStart?.(identity, variables)
      const outcome = await runWhole(experiment, simulator, variables, signal, (error) =>
        options.onTrialRepeat?.(identity, variables, error),
      )
      return outcome === 'aborted' ? outcome : [{ ...identity, variables, ...outcome }]
    },
  }
}

function inTurns<Variables extends object, World>(
  run: Run<Variables, World>,
  simulator: TurnSimulator<Variables, World>,
  compared: readonly Variables[],
  random: Random,
): Repetition<Variables> {
  const { experiment, signal, options } = run
  return {
    first: compared[0]!,
    async run(round) {
      const identities = compared.map(() => ({ trial: ++run.made, round, trials: run.trials }))
      for (const [index, variables] of compared.entries()) {
        options.onTrialStart?.(identities[index]!, variables)
      }
      const onRepeat = (index: number, error: Error) =>
        options.onTrialRepeat?.(identities[index]!, compared[index]!, error)
      const context = { experiment, simulator, random, signal, onRepeat }
      const outcomes = await runInTurns(context, compared)
      if (outcomes === 'aborted') return outcomes
      return outcomes.map((outcome, index) => ({
        ...identities[index]!,
        variables: compared[index]!,
        ...outcome,
      }))
    },
  }
}
