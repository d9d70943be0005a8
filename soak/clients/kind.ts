import type { Random } from './random'
import type { Tally } from './tally'

/** What a client needs for a visit. */
export interface Visit {
  readonly url: URL
  readonly answersTo: 'head' | 'whole'
  readonly random: Random
  readonly tally: Tally
  /** Aborted when it is time to go. */
  readonly signal: AbortSignal
}

/** A kind of client. It comes, does something, and goes, within seconds. */
export interface Kind {
  readonly name: string
  /** A well-behaved client gets all that it asks for. Of others, only wrong answers are faults. */
  readonly behaves: 'well' | 'badly'
  /** How many of them are there at once. */
  readonly visitors: number
  visit(visit: Visit): Promise<void>
}
