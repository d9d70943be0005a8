import { describe, expect, test } from 'vitest'
import { allocateOctets, copyOctets } from '../src'

describe('copyOctets', () => {
  test('copies all octets, or those from start to end', () => {
    expect(copyOctets(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(1, 2, 3))
    expect(copyOctets(Uint8Array.of(1, 2, 3, 4), 1, 3)).toEqual(Uint8Array.of(2, 3))
    expect(copyOctets(Uint8Array.of(1, 2), 1)).toEqual(Uint8Array.of(2))
  })

  test.each([3, 5000])(
    'makes a plain vector with memory of its own, also of a Buffer (%i octets)',
    (length) => {
      const buffer = Buffer.alloc(length, 7)
      const copy = copyOctets(buffer)
      buffer.fill(0)
      expect(Object.getPrototypeOf(copy)).toBe(Uint8Array.prototype)
      expect(copy.every((octet) => octet === 7)).toBe(true)
    },
  )
})

describe('allocateOctets', () => {
  test.each([0, 100, 5000])(
    'makes a plain vector of %i octets that shares its memory with nobody',
    (length) => {
      const octets = allocateOctets(length)
      expect(octets.length).toBe(length)
      expect(octets.buffer.byteLength).toBe(length)
      expect(Object.getPrototypeOf(octets)).toBe(Uint8Array.prototype)
    },
  )
})
