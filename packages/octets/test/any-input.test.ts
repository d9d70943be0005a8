import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compareOctets,
  concatenate,
  fullyRead,
  OutputBuffer,
  octetize,
  octetsEqual,
  readUint24,
  readUint31,
  readUint32,
  toHex,
  writeUint24,
  writeUint31,
  writeUint32,
} from '../src'

/*
 * What holds for all input, tried on many.
 */

const octets = fc.uint8Array({ maxLength: 200 })

test.each([
  { bits: 24, read: readUint24, write: writeUint24 },
  { bits: 31, read: readUint31, write: writeUint31 },
  { bits: 32, read: readUint32, write: writeUint32 },
])('an integer of $bits bits is read as it was written', ({ bits, read, write }) => {
  const value = fc.integer({ min: 0, max: 2 ** bits - 1 })
  fc.assert(
    fc.property(value, fc.nat(20), (written, offset) => {
      const vector = new Uint8Array(offset + 4)
      write(vector, offset, written)
      expect(read(vector, offset)).toBe(written)
    }),
  )
})

test('octets survive the way to hexadecimal digits and back', () => {
  fc.assert(
    fc.property(octets, (vector) => {
      expect(octetize(toHex(vector), 'hex')).toEqual(vector)
    }),
  )
})

test('compareOctets orders as Buffer.compare does, and finds equal what octetsEqual does', () => {
  const few = fc.uint8Array({ max: 2, maxLength: 5 })
  fc.assert(
    fc.property(few, few, (a, b) => {
      expect(compareOctets(a, b)).toBe(Buffer.compare(a, b))
      expect(octetsEqual(a, b)).toBe(compareOctets(a, b) === 0)
    }),
  )
})

test('fullyRead gets the same octets however they are split', () => {
  const split = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { maxLength: 20 })
  fc.assert(
    fc.property(split, fc.nat(100), (pieces, count) => {
      const all = concatenate(...pieces)
      const rest = [...pieces]
      const vector = new Uint8Array(count)
      const result = fullyRead(
        {
          read(target) {
            const piece = rest.shift() ?? new Uint8Array(0)
            target.set(piece.subarray(0, target.length))
            if (piece.length > target.length) rest.unshift(piece.subarray(target.length))
            return Math.min(piece.length, target.length)
          },
        },
        vector,
      )
      const received = Math.min(count, all.length)
      expect(vector.subarray(0, received)).toEqual(all.subarray(0, received))
      expect(result).toEqual(
        received === count ? { state: 'filled' } : { state: 'end-of-input', received },
      )
    }),
  )
})

test('an OutputBuffer gives what went in, whatever is appended and taken in between', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: octets },
    { weight: 1, arbitrary: fc.nat(5000).map((length) => new Uint8Array(length).fill(length)) },
    { weight: 3, arbitrary: fc.constant('take' as const) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const buffer = new OutputBuffer()
      const runs: Uint8Array[] = []
      const take = () => {
        const run = buffer.take()
        if (run !== undefined) runs.push(run)
      }
      for (const one of steps) {
        if (one === 'take') take()
        else buffer.append(one)
      }
      take()
      const appended = steps.filter((one) => one !== 'take')
      expect(octetsEqual(concatenate(...runs), concatenate(...appended))).toBe(true)
    }),
  )
})
