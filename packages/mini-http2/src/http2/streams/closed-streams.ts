import { StreamIdRanges } from './stream-id-ranges'

/**
 * How many ranges of reset streams are remembered. Frames that a client sent before it knew about
 * the reset arrive within a round trip. Excess streams of a client are refused, which is one range.
 * Of the others, at most as many are reset within a round trip as may be open at once.
 */
const REMEMBERED_RESETS = 1024

/**
 * How many gaps between used identifiers are remembered. Clients usually use consecutive ones. A
 * client that leaves more gaps gets a less specific error code for using an old one.
 */
const REMEMBERED_GAPS = 64

/** How closed streams ended, in bounded memory: only unusual ends are remembered. */
export class ClosedStreams {
  /** Created on demand: most connections have no resets. */
  #resets: StreamIdRanges | undefined
  #gaps: StreamIdRanges | undefined

  /** We have reset the stream. */
  addReset(streamId: number): void {
    this.#resets ??= new StreamIdRanges(REMEMBERED_RESETS)
    // A stream that was skipped or reset before may be refused again.
    if (!this.#resets.has(streamId)) this.#resets.add(streamId)
  }

  /** The client has skipped these streams. */
  addGap(first: number, last: number): void {
    this.#gaps ??= new StreamIdRanges(REMEMBERED_GAPS)
    this.#gaps.add(first, last)
  }

  /** Returns the state of a stream that isn't open and whose identifier isn't new. */
  stateOf(streamId: number): 'closed' | 'reset' | 'skipped' {
    if (this.#resets?.has(streamId)) return 'reset'
    return this.#gaps?.has(streamId) ? 'skipped' : 'closed'
  }
}
