import { describe, expect, test } from 'vitest'
import * as octets from '../src'

const kinds = [
  { bits: 8, size: 1, read: octets.readUint8, write: octets.writeUint8 },
  { bits: 16, size: 2, read: octets.readUint16, write: octets.writeUint16 },
  { bits: 24, size: 3, read: octets.readUint24, write: octets.writeUint24 },
  { bits: 31, size: 4, read: octets.readUint31, write: octets.writeUint31 },
  { bits: 32, size: 4, read: octets.readUint32, write: octets.writeUint32 },
]

describe.each(kinds)('unsigned integers of $bits bits', ({ bits, size, read, write }) => {
  const largest = 2 ** bits - 1

  test.each([0, 1, 0x5a, largest - 1, largest])('write and read back %i', (value) => {
    const vector = new Uint8Array(size + 2).fill(0xee)
    write(vector, 1, value)
    expect(read(vector, 1)).toBe(value)
    expect(vector[0]).toBe(0xee)
    expect(vector[size + 1]).toBe(0xee)
  })

  test('are big-endian', () => {
    const vector = new Uint8Array(size)
    write(vector, 0, 1)
    expect(vector[size - 1]).toBe(1)
  })

  test.each([-1, largest + 1, 0.5, Number.NaN])(
    'refuse to write %d and change nothing',
    (value) => {
      const vector = new Uint8Array(size)
      expect(() => write(vector, 0, value)).toThrow(
        `${value} is not an unsigned integer of ${bits} bits`,
      )
      expect(vector).toEqual(new Uint8Array(size))
    },
  )

  test.each([-1, 1, 0.5, Number.NaN, 2 ** 32])(
    'refuse the offset %d in a vector without room there',
    (offset) => {
      const vector = new Uint8Array(size)
      expect(() => read(vector, offset)).toThrow(RangeError)
      expect(() => write(vector, offset, 0)).toThrow(
        `at offset ${offset} is outside a vector of ${size}`,
      )
    },
  )
})

test('readUint31 ignores the reserved bit, readUint32 does not', () => {
  const vector = Uint8Array.of(0x80, 0, 0, 1)
  expect(octets.readUint31(vector, 0)).toBe(1)
  expect(octets.readUint32(vector, 0)).toBe(0x80000001)
})
