import { allocateOctets } from './allocate'
import type { OctetVector } from './octet-vector'

/**
 * Copies octets. Unlike `slice`, which makes no copy of a Buffer but a second view on its memory.
 *
 * @param start the first octet to copy. Default: that of the vector
 * @param end behind the last. Default: the vector's end
 * @returns a vector with memory of its own
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
