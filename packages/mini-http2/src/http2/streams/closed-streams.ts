/**
 * How many streams that we reset are remembered. What a client sent before it knew of the reset
 * arrives within a round trip, in which it can't have had more streams than this open.
 */
const REMEMBERED_RESETS = 256

/**
 * How many gaps between used identifiers are remembered. Clients use one after the other; one that
 * leaves more gaps than this gets a less exact error code for using an old gap.
 */
const REMEMBERED_GAPS = 64

/** How closed streams ended, in bounded memory: what is remembered is only what is unusual. */
export class ClosedStreams {
  /** The last streams that we reset, oldest overwritten first. */
  #resets: number[] = []
  #nextReset = 0
  /** Pairs: the first and the last identifier of each gap. */
  #gaps: number[] = []

  /** We have reset the stream. */
  addReset(streamId: number): void {
    this.#resets[this.#nextReset] = streamId
    this.#nextReset = (this.#nextReset + 1) % REMEMBERED_RESETS
  }

  /** The client has gone from one stream to a later one, leaving out those between. */
  addGap(first: number, last: number): void {
    this.#gaps.push(first, last)
    if (this.#gaps.length > 2 * REMEMBERED_GAPS) this.#gaps.splice(0, 2)
  }

  /** Returns what is known of a stream that isn't open and whose identifier isn't new. */
  stateOf(streamId: number): 'closed' | 'reset' | 'skipped' {
    if (this.#resets.includes(streamId)) return 'reset'
    for (let index = 0; index < this.#gaps.length; index += 2) {
      if (streamId >= this.#gaps[index]! && streamId <= this.#gaps[index + 1]!) return 'skipped'
    }
    return 'closed'
  }
}
