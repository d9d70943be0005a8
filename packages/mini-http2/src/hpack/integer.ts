import type { OctetVector } from '@h2lab/octets'

/*
 * Integers, RFC 7541 section 5.1. An integer that is too large for its prefix of N bits:
 *
 *    0   1   2   3   4   5   6   7
 *  +---+---+---+---+---+---+---+---+
 *  | ? | ? | ? | 1   1   1   1   1 |
 *  +---+---+---+-------------------+
 *  | 1 |    Value-(2^N-1) LSB      |
 *  +---+---------------------------+
 *                 ...
 *  +---+---------------------------+
 *  | 0 |    Value-(2^N-1) MSB      |
 *  +---+---------------------------+
 */

/**
 * The largest integer that is accepted. The largest meaningful one in HTTP/2 is a table size, and
 * settings have 32 bits.
 */
export const MAX_INTEGER = 2 ** 32 - 1

/**
 * How many octets may follow the prefix: {@link MAX_INTEGER} needs five. More could only be
 * redundant zeros.
 */
export const MAX_CONTINUATION_OCTETS = 5

/**
 * The maximum number of octets that {@link writeInteger} writes for values up to {@link
 * MAX_INTEGER}.
 */
export const MAX_INTEGER_OCTETS = 1 + MAX_CONTINUATION_OCTETS

/**
 * Writes an integer.
 *
 * @param prefix 1 to 8, the bits of the first octet that belong to the integer
 * @param pattern the bits above the prefix; the prefix bits are 0
 * @param value 0 to {@link MAX_INTEGER}
 * @returns the offset after the last octet written
 */
export function writeInteger(
  octets: OctetVector,
  offset: number,
  prefix: number,
  pattern: number,
  value: number,
): number {
  const mask = (1 << prefix) - 1
  if (value < mask) {
    octets[offset] = pattern | value
    return offset + 1
  }
  octets[offset] = pattern | mask
  let next = offset + 1
  let rest = value - mask
  while (rest >= 0x80) {
    octets[next++] = (rest & 0x7f) | 0x80
    // Not a shift: `rest` may have 32 bits.
    rest = Math.floor(rest / 0x80)
  }
  octets[next] = rest
  return next + 1
}
