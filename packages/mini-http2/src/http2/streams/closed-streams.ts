import { StreamIdRanges } from './stream-id-ranges'

/**
 * How many ranges of streams that we reset are remembered. What a client sent before it knew of the reset
 * arrives within a round trip. A client that opens more streams than it may has the rest refused, which is one
 * range; of those that it may open only as many are reset within a round trip as are open at once.
 */
const REMEMBERED_RESETS = 1024

/**
 * How many gaps between used identifiers are remembered. Clients use one after the other; one that
 * leaves more gaps than this gets a less exact error code for using an old gap.
 */
const REMEMBERED_GAPS = 64

/** How closed streams ended, in bounded memory: what is remembered is only what is unusual. */
export class ClosedStreams {
  /** Made when there are any: most connections have none. */
  #resets: StreamIdRanges | undefined
  #gaps: StreamIdRanges | undefined

  /** We have reset the stream. */
  addReset(streamId: number): void {
    this.#resets ??= new StreamIdRanges(REMEMBERED_RESETS)
    // A stream that was skipped, or reset before, may be refused again.
    if (!this.#resets.has(streamId)) this.#resets.add(streamId)
  }

  /** The client has gone from one stream to a later one, leaving out those between. */
  addGap(first: number, last: number): void {
    this.#gaps ??= new StreamIdRanges(REMEMBERED_GAPS)
    this.#gaps.add(first, last)
  }

  /** Returns what is known of a stream that isn't open and whose identifier isn't new. */
  stateOf(streamId: number): 'closed' | 'reset' | 'skipped' {
    if (this.#resets?.has(streamId)) return 'reset'
    return this.#gaps?.has(streamId) ? 'skipped' : 'closed'
  }
}
