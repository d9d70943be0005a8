import { MeasureError } from '../errors'
import { type Random, shuffled } from '../statistics/random'
import { Attempt, type FailedAttempt, failed, hasTimedOut } from './attempt'
import type { Experiment, TurnSimulator } from './experiment'
import type { AttemptOutcome } from './run-options'

/** How many worlds are prepared concurrently. On two cores, more would only wait for each other. */
const PREPARED_AT_ONCE = 2

/**
 * How many turns may be dropped for each one that counts, and how many in any case. A trial whose turns are always
 * dropped has to end.
 */
const DROPPED_PER_COUNTED = 4
const DROPPED_ANYWAY = 20

/** What a repetition in turns needs. */
export interface TurnsContext<Variables extends object, World> {
  readonly experiment: Experiment<Variables, World>
  readonly simulator: TurnSimulator<Variables, World>
  readonly random: Random
  readonly signal: AbortSignal
  /** Called before a trial is repeated. */
  readonly onRepeat: (index: number, error: Error) => void
}

/**
 * Runs one trial of each compared value, concurrently and in turns. If one fails, the others continue. If one takes
 * too long, it is set up again and takes turns with the others until it has been measured for its full time.
 *
 * @returns the result of each, in order
 */
export async function runInTurns<Variables extends object, World>(
  context: TurnsContext<Variables, World>,
  compared: readonly Variables[],
): Promise<readonly AttemptOutcome[] | 'aborted'> {
  const { random, signal } = context
  const takers = compared.map(
    (variables, index) =>
      new TurnTaker(context, variables, (error) => context.onRepeat(index, error)),
  )
  try {
    await inParallel(takers, PREPARED_AT_ONCE, (taker) => taker.prepare())
    for (const taker of shuffled(takers, random)) await taker.warmUp()
    for (const taker of takers) await taker.begin()
    for (;;) {
      const waiting = takers.filter((taker) => taker.isUnderWay)
      if (waiting.length === 0 || signal.aborted) break
      for (const taker of shuffled(waiting, random)) await taker.turn()
    }
    return signal.aborted ? 'aborted' : takers.map((taker) => taker.outcome)
  } finally {
    await Promise.all(takers.map((taker) => taker.dispose()))
  }
}

type TakerState<Variables extends object, World> =
  | {
      readonly kind: 'prepared' | 'warm' | 'measuring'
      readonly attempt: Attempt<Variables, World>
    }
  | { readonly kind: 'ended'; readonly outcome: AttemptOutcome }

/** A trial that takes turns with others. */
class TurnTaker<Variables extends object, World> {
  readonly #context: TurnsContext<Variables, World>
  readonly #variables: Variables
  readonly #onRepeat: (error: Error) => void
  #state: TakerState<Variables, World> | undefined
  /** Why its first attempt failed, if this is the second. */
  #repeatedAfter: Error | undefined
  /** The seconds that count so far. */
  #measured = 0
  #counted = 0
  #dropped = 0

  constructor(
    context: TurnsContext<Variables, World>,
    variables: Variables,
    onRepeat: (error: Error) => void,
  ) {
    this.#context = context
    this.#variables = variables
    this.#onRepeat = onRepeat
  }

  async prepare(): Promise<void> {
    this.#measured = 0
    this.#counted = 0
    this.#dropped = 0
    const startedAt = new Date()
    try {
      this.#context.signal.throwIfAborted()
      const attempt = await Attempt.prepare(this.#context.experiment, this.#variables)
      this.#state = { kind: 'prepared', attempt }
    } catch (error) {
      await this.#fail(failed(startedAt, error))
    }
  }

  async warmUp(): Promise<void> {
    await this.#step('prepared', async (attempt) => {
      const { simulator, signal } = this.#context
      await simulator.warmUp(attempt.world, signal)
      this.#state = { kind: 'warm', attempt }
    })
    // It failed and was prepared again.
    if (this.#state?.kind === 'prepared') await this.warmUp()
  }

  async begin(): Promise<void> {
    await this.#step('warm', async (attempt) => {
      await attempt.phases.begin()
      this.#state = { kind: 'measuring', attempt }
    })
  }

  /** Whether there is more to do. */
  get isUnderWay(): boolean {
    return this.#state?.kind !== 'ended'
  }

  /** Runs a turn. The last one completes the trial. */
  async turn(): Promise<void> {
    // Does nothing unless an earlier step failed and the trial was prepared again.
    await this.warmUp()
    await this.begin()
    await this.#step('measuring', async (attempt) => {
      const { simulator, signal } = this.#context
      const seconds = await simulator.turn(attempt.world, attempt.phases, signal)
      this.#measured += seconds
      if (seconds > 0) this.#counted++
      else this.#dropped++
      const isGivenUp = this.#dropped >= DROPPED_ANYWAY + DROPPED_PER_COUNTED * this.#counted
      if (isGivenUp && this.#counted === 0) throw allDropped(this.#dropped)
      if (isGivenUp || this.#measured >= simulator.duration) await this.#complete(attempt)
    })
  }

  get outcome(): AttemptOutcome {
    if (this.#state?.kind !== 'ended') throw new Error('The trial has not ended yet.')
    return this.#state.outcome
  }

  /** Tears down what is left of the trial. */
  async dispose(): Promise<void> {
    if (this.#state !== undefined && this.#state.kind !== 'ended') {
      await this.#state.attempt.dispose()
    }
  }

  async #complete(attempt: Attempt<Variables, World>): Promise<void> {
    await attempt.phases.end()
    this.#end(await attempt.completed())
    await attempt.dispose()
  }

  /** Runs a step if the trial has got that far. If it fails, the trial ends or is prepared again. */
  async #step(
    kind: 'prepared' | 'warm' | 'measuring',
    act: (attempt: Attempt<Variables, World>) => Promise<void>,
  ): Promise<void> {
    const state = this.#state
    if (state === undefined || state.kind === 'ended' || state.kind !== kind) return
    const { attempt } = state
    try {
      this.#context.signal.throwIfAborted()
      await act(attempt)
    } catch (error) {
      await attempt.dispose()
      await this.#fail(failed(attempt.startedAt, error))
    }
  }

  async #fail(outcome: FailedAttempt): Promise<void> {
    const isFirst = this.#repeatedAfter === undefined && !this.#context.signal.aborted
    if (!isFirst || !hasTimedOut(outcome)) {
      this.#end(outcome)
      return
    }
    this.#repeatedAfter = outcome.error
    this.#onRepeat(outcome.error)
    await this.prepare()
  }

  #end(outcome: AttemptOutcome): void {
    const repeatedAfter = this.#repeatedAfter
    this.#state = {
      kind: 'ended',
      outcome: repeatedAfter === undefined ? outcome : { ...outcome, repeatedAfter },
    }
  }
}

function allDropped(turns: number): MeasureError {
  return new MeasureError(
    'MACHINE_BUSY',
    `All ${turns} turns were dropped: the machine was busy with something else.`,
  )
}

/** Processes items concurrently, up to a limit. */
async function inParallel<Item>(
  items: readonly Item[],
  width: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) await act(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
