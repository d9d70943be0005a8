import { MeasureError } from '../errors'
import { AttachedClips } from './attached-clips'
import type { Experiment, Phases, Simulator } from './experiment'
import type { AttemptOutcome } from './run-options'

/** One attempt at a trial: a world with its clips, from setup to teardown. */
export class Attempt<Variables extends object, World> {
  readonly startedAt = new Date()
  readonly world: World
  readonly #simulator: Simulator<Variables, World>
  readonly #clips: AttachedClips<World>

  private constructor(experiment: Experiment<Variables, World>, world: World) {
    this.#simulator = experiment.simulator
    this.world = world
    this.#clips = new AttachedClips(experiment.clips, world)
  }

  /** Sets up a world and attaches the clips. If either fails, nothing is left behind. */
  static async prepare<Variables extends object, World>(
    experiment: Experiment<Variables, World>,
    variables: Variables,
  ): Promise<Attempt<Variables, World>> {
    const { simulator } = experiment
    const world = await simulator.prepare(variables)
    try {
      return new Attempt(experiment, world)
    } catch (error) {
      await simulator.dispose(world)
      throw error
    }
  }

  /** Passes the simulator's reports to the clips. */
  readonly phases: Phases = {
    begin: () => this.#clips.enable(),
    end: () => this.#clips.disable(),
    signal: (event) => this.#clips.signal(event),
  }

  /** Collects the clips after the measured part. */
  async completed(): Promise<Extract<AttemptOutcome, { outcome: 'completed' }>> {
    await this.#clips.collect()
    const { columns, series } = this.#clips
    return { startedAt: this.startedAt, outcome: 'completed', columns, series }
  }

  /** Tears everything down, also after a failure. */
  async dispose(): Promise<void> {
    this.#clips.stopTimers()
    await this.#simulator.dispose(this.world)
  }
}

export type FailedAttempt = Extract<AttemptOutcome, { outcome: 'failed' }>

export function failed(startedAt: Date, error: unknown): FailedAttempt {
  const reason = error instanceof Error ? error : new Error(String(error))
  return { startedAt, outcome: 'failed', error: reason }
}

/** Whether an attempt failed only because it took too long. */
export function hasTimedOut(outcome: AttemptOutcome): outcome is FailedAttempt {
  if (outcome.outcome !== 'failed') return false
  return outcome.error instanceof MeasureError && outcome.error.code === 'TIMED_OUT'
}
