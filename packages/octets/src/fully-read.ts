import type { OctetVector } from './octet-vector'

/** Something octets are read from, such as a blocking socket. */
export interface OctetSource {
  /**
   * Reads some octets into the beginning of `target`.
   *
   * @returns how many were read, at most `target.length`; 0 at the end of the input
   */
  read(target: OctetVector): number
}

/** What {@link fullyRead} achieved. */
export type FullyReadResult =
  | { readonly state: 'filled' }
  /** `received` octets were there before the input ended; they are in the vector. */
  | { readonly state: 'end-of-input'; readonly received: number }

/**
 * Reads until the first `count` octets of `vector` are filled or the input ends.
 *
 * @param source read again and again, since one read may return less than asked for
 * @param vector at least `count` octets long; what lies behind them isn't touched
 * @param count how many octets to read; by default the whole vector
 * @throws RangeError if `count` is not an integer from 0 to the vector's length, or if
 *   the source claims to have read more than there was room for; and what `source.read` throws
 */
export function fullyRead(
  source: OctetSource,
  vector: OctetVector,
  count: number = vector.length,
): FullyReadResult {
  if (!Number.isInteger(count) || count < 0 || count > vector.length) {
    throw new RangeError(`Can't read ${count} octets into a vector of ${vector.length}.`)
  }
  let received = 0
  while (received < count) {
    const room = vector.subarray(received, count)
    const read = source.read(room)
    if (read === 0) return { state: 'end-of-input', received }
    if (!Number.isInteger(read) || read < 0 || read > room.length) {
      throw new RangeError(`A source read ${read} octets into room for ${room.length}.`)
    }
    received += read
  }
  return { state: 'filled' }
}
