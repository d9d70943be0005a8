import type { OctetVector } from './octet-vector'

/** A source of octets, such as a blocking socket. */
export interface OctetSource {
  /**
   * Reads some octets into the start of `target`.
   *
   * @returns how many octets were read, at most `target.length`; 0 at the end of the input
   */
  read(target: OctetVector): number
}

/** The result of {@link fullyRead}. */
export type FullyReadResult =
  | { readonly state: 'filled' }
  /** The input ended after `received` octets, which are in the vector. */
  | { readonly state: 'end-of-input'; readonly received: number }

/**
 * Reads until the first `count` octets of `vector` are filled or the input ends.
 *
 * @param source read repeatedly, because a read may return fewer octets than requested
 * @param vector must have at least `count` octets; the rest is not modified
 * @param count how many octets to read. Default: the length of the vector
 * @throws RangeError if `count` is not an integer from 0 to the vector's length, or if the source
 *   returns more than the requested length; also errors of `source.read`
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
