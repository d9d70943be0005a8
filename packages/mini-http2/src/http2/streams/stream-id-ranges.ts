/** The difference between consecutive stream identifiers of a client, RFC 9113 section 5.1.1. */
const STEP = 2

/**
 * A set of stream identifiers in bounded memory. Consecutive ones are stored as a range. When there
 * are too many ranges, the lowest is forgotten.
 */
export class StreamIdRanges {
  readonly #maxRanges: number
  /** The first and last identifiers of the ranges, alternating, in ascending order. */
  readonly #bounds: number[] = []

  constructor(maxRanges: number) {
    this.#maxRanges = maxRanges
  }

  /** Adds the identifiers from `first` to `last`, none of which may be in the set. */
  add(first: number, last = first): void {
    const bounds = this.#bounds
    const index = this.#findEnd(first)
    const joinsBefore = index > 0 && bounds[index - 1] === first - STEP
    const joinsBehind = index < bounds.length && bounds[index] === last + STEP
    if (joinsBefore && joinsBehind) bounds.splice(index - 1, 2)
    else if (joinsBefore) bounds[index - 1] = last
    else if (joinsBehind) bounds[index] = first
    else bounds.splice(index, 0, first, last)
    if (bounds.length > 2 * this.#maxRanges) bounds.splice(0, 2)
  }

  has(streamId: number): boolean {
    const index = this.#findEnd(streamId + 1)
    return index > 0 && streamId <= this.#bounds[index - 1]!
  }

  /** Returns the index after the ranges that begin before `streamId`. */
  #findEnd(streamId: number): number {
    const bounds = this.#bounds
    let low = 0
    let high = bounds.length / 2
    while (low < high) {
      const middle = (low + high) >>> 1
      if (bounds[2 * middle]! < streamId) low = middle + 1
      else high = middle
    }
    return 2 * low
  }
}
