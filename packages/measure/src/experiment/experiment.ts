import type { OptionNamesOf } from '@h2lab/octets'
import { checkOptionNames } from '../option-names'
import type { Clip } from './clip'

/** What an experiment runs: set up for a point of the variables, run, and torn down. */
export type Simulator<Variables, World> =
  | WholeSimulator<Variables, World>
  | TurnSimulator<Variables, World>

interface Worlds<Variables, World> {
  /** Sets up a world that clips can look at. */
  prepare(variables: Variables): Promise<World>
  /** Tears down everything that `prepare` set up, also after a failure. */
  dispose(world: World): Promise<void>
}

/** Runs one complete trial after another. */
export interface WholeSimulator<Variables, World> extends Worlds<Variables, World> {
  /** Runs, and reports when the measured part starts and ends. */
  run(world: World, phases: Phases, signal: AbortSignal): Promise<void>
}

/**
 * Runs the trials of a point side by side: all are set up and warmed up, then each is measured in short turns, so
 * that temporary disturbances of the machine affect all of them. Clips are enabled before the first turn and disabled
 * after the last.
 */
export interface TurnSimulator<Variables, World> extends Worlds<Variables, World> {
  /** The variable whose values are compared. All values of a point take turns. */
  readonly sideBySide: keyof Variables & string
  /** How long each is measured, in seconds: the sum of its turns. */
  readonly duration: number
  /** The seed for the order of the turns. */
  readonly seed: number
  /** Runs until the cost is steady. */
  warmUp(world: World, signal: AbortSignal): Promise<void>
  /**
   * Runs a turn.
   *
   * @returns how many seconds of it count; 0 if the turn is dropped
   */
  turn(world: World, phases: Pick<Phases, 'signal'>, signal: AbortSignal): Promise<number>
}

/** What a simulator reports while it runs. */
export interface Phases {
  /** The measured part starts. */
  begin(): Promise<void>
  /** The measured part ends. */
  end(): Promise<void>
  /** An event occurred that clips may be collected at. */
  signal(event: string): void
}

/** The values of each variable; an experiment runs over their cross product. */
export type VariableValues<Variables> = {
  readonly [Name in keyof Variables]: readonly Variables[Name][]
}

export interface Experiment<Variables extends object, World> {
  readonly name: string
  /** The question it answers, in one line. */
  readonly title: string
  readonly variables: VariableValues<Variables>
  /** Whether a point of the cross product is part of the experiment. Default: all are. */
  readonly isPoint?: ((variables: Variables) => boolean) | undefined
  readonly simulator: Simulator<Variables, World>
  readonly clips: readonly Clip<World>[]
}

const PARTS: OptionNamesOf<Experiment<object, unknown>> = {
  name: true,
  title: true,
  variables: true,
  isPoint: true,
  simulator: true,
  clips: true,
}

/**
 * Defines an experiment.
 *
 * @throws TypeError if a variable has no value, no point is left, or two clips have a column in common
 * @throws MeasureError `USAGE` if it has a property that does not exist
 */
export function defineExperiment<Variables extends object, World>(
  experiment: Experiment<Variables, World>,
): Experiment<Variables, World> {
  checkOptionNames(experiment, PARTS)
  for (const [name, values] of Object.entries<readonly unknown[]>(experiment.variables)) {
    if (values.length === 0) {
      throw new TypeError(`The variable ${name} of ${experiment.name} needs a value at least.`)
    }
  }
  if (pointsOf(experiment).length === 0) {
    throw new TypeError(`No point of ${experiment.name} is left: isPoint refuses all of them.`)
  }
  const columns = new Map<string, string>()
  for (const clip of experiment.clips) {
    for (const column of Object.keys(clip.columns)) {
      const other = columns.get(column)
      if (other !== undefined) {
        throw new TypeError(`The clips ${other} and ${clip.name} both have a column ${column}.`)
      }
      columns.set(column, clip.name)
    }
  }
  return experiment
}

/** Lists the points of the cross product. The first variable changes slowest, the last fastest. */
export function crossProduct<Variables extends object>(
  values: VariableValues<Variables>,
): Variables[] {
  let points: Partial<Variables>[] = [{}]
  for (const name of Object.keys(values) as (keyof Variables)[]) {
    points = points.flatMap((point) => values[name].map((value) => ({ ...point, [name]: value })))
  }
  return points as Variables[]
}

/** Lists the points of an experiment, in the order of {@link crossProduct}. */
export function pointsOf<Variables extends object>({
  variables,
  isPoint = () => true,
}: Pick<Experiment<Variables, unknown>, 'variables' | 'isPoint'>): Variables[] {
  return crossProduct(variables).filter(isPoint)
}
