import type { OctetVector } from './octet-vector'

/**
 * Big-endian unsigned integers, the network byte order of RFC 9113 section 2.2. All functions throw
 * a RangeError with the offset and the vector's length if the integer is not inside the vector.
 * Write functions also throw if the value doesn't fit, before they change anything.
 */

/** Reads the octet at `offset`. */
export function readUint8(octets: OctetVector, offset: number): number {
  checkRange(octets, offset, 1)
  return octets[offset] as number
}

/** Reads two octets at `offset`. */
export function readUint16(octets: OctetVector, offset: number): number {
  checkRange(octets, offset, 2)
  return ((octets[offset] as number) << 8) | (octets[offset + 1] as number)
}

/** Reads three octets at `offset`: an HTTP/2 frame's length. */
export function readUint24(octets: OctetVector, offset: number): number {
  checkRange(octets, offset, 3)
  return (
    ((octets[offset] as number) << 16) |
    ((octets[offset + 1] as number) << 8) |
    (octets[offset + 2] as number)
  )
}

/** Reads four octets at `offset` and clears the highest bit: an HTTP/2 stream identifier. */
export function readUint31(octets: OctetVector, offset: number): number {
  return readUint32(octets, offset) & 0x7fffffff
}

/** Reads four octets at `offset`. */
export function readUint32(octets: OctetVector, offset: number): number {
  checkRange(octets, offset, 4)
  return (
    (((octets[offset] as number) << 24) |
      ((octets[offset + 1] as number) << 16) |
      ((octets[offset + 2] as number) << 8) |
      (octets[offset + 3] as number)) >>>
    0
  )
}

/** Writes a value from 0 to 2^8 - 1 at `offset`. */
export function writeUint8(octets: OctetVector, offset: number, value: number): void {
  checkRange(octets, offset, 1)
  checkValue(value, 8)
  octets[offset] = value
}

/** Writes a value from 0 to 2^16 - 1 at `offset`. */
export function writeUint16(octets: OctetVector, offset: number, value: number): void {
  checkRange(octets, offset, 2)
  checkValue(value, 16)
  octets[offset] = value >>> 8
  octets[offset + 1] = value
}

/** Writes a value from 0 to 2^24 - 1 at `offset`. */
export function writeUint24(octets: OctetVector, offset: number, value: number): void {
  checkRange(octets, offset, 3)
  checkValue(value, 24)
  octets[offset] = value >>> 16
  octets[offset + 1] = value >>> 8
  octets[offset + 2] = value
}

/** Writes a value from 0 to 2^31 - 1 at `offset`. The reserved highest bit becomes 0. */
export function writeUint31(octets: OctetVector, offset: number, value: number): void {
  checkRange(octets, offset, 4)
  checkValue(value, 31)
  storeUint32(octets, offset, value)
}

/** Writes a value from 0 to 2^32 - 1 at `offset`. */
export function writeUint32(octets: OctetVector, offset: number, value: number): void {
  checkRange(octets, offset, 4)
  checkValue(value, 32)
  storeUint32(octets, offset, value)
}

function storeUint32(octets: OctetVector, offset: number, value: number): void {
  octets[offset] = value >>> 24
  octets[offset + 1] = value >>> 16
  octets[offset + 2] = value >>> 8
  octets[offset + 3] = value
}

function checkRange(octets: OctetVector, offset: number, count: number): void {
  // One comparison rejects large, negative, fractional and NaN offsets.
  if (offset >>> 0 !== offset || offset + count > octets.length) {
    throw new RangeError(
      `An integer of ${count} octet(s) at offset ${offset} is outside a vector of ${octets.length}.`,
    )
  }
}

function checkValue(value: number, bits: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
    throw new RangeError(`${value} is not an unsigned integer of ${bits} bits.`)
  }
}
