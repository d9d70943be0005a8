import { allocateOctets } from './allocate'
import type { OctetVector } from './octet-vector'

/**
 * Copies octets. Unlike `slice`, which returns a view of a Buffer's memory, this always copies.
 *
 * @param start the first octet to copy. Default: the start of the vector
 * @param end the end (exclusive). Default: the end of the vector
 * @returns a vector with its own memory
 */
export function copyOctets(
  octets: OctetVector,
  start = 0,
  end: number = octets.length,
): OctetVector {
  const copy = allocateOctets(end - start)
  copy.set(start === 0 && end === octets.length ? octets : octets.subarray(start, end))
  return copy
}
