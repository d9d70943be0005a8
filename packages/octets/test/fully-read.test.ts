import { describe, expect, test } from 'vitest'
import { fullyRead, type OctetSource } from '../src'

/** A source that returns at most `most` octets a read, as a socket does. */
function sourceOf(octets: readonly number[], most: number): OctetSource {
  let position = 0
  return {
    read(target) {
      const piece = octets.slice(position, position + Math.min(most, target.length))
      target.set(piece)
      position += piece.length
      return piece.length
    },
  }
}

describe('fullyRead', () => {
  test.each([1, 2, 3, 100])('fills the vector from reads of at most %i octets', (most) => {
    const vector = new Uint8Array(4)
    expect(fullyRead(sourceOf([1, 2, 3, 4, 5], most), vector)).toEqual({ state: 'filled' })
    expect(vector).toEqual(Uint8Array.of(1, 2, 3, 4))
  })

  test('fills exactly count octets and leaves the rest of the vector and of the input', () => {
    const source = sourceOf([1, 2, 3], 100)
    const vector = new Uint8Array(3).fill(9)
    fullyRead(source, vector, 2)
    expect(vector).toEqual(Uint8Array.of(1, 2, 9))
    expect(fullyRead(source, vector, 1)).toEqual({ state: 'filled' })
    expect(vector[0]).toBe(3)
  })

  test('reports end of input with the octets it had received', () => {
    const vector = new Uint8Array(4)
    expect(fullyRead(sourceOf([1, 2], 1), vector)).toEqual({ state: 'end-of-input', received: 2 })
    expect(fullyRead(sourceOf([], 1), vector)).toEqual({ state: 'end-of-input', received: 0 })
  })

  test('reads nothing for a count of 0', () => {
    const source: OctetSource = { read: () => expect.unreachable() }
    expect(fullyRead(source, new Uint8Array(0))).toEqual({ state: 'filled' })
  })

  test('refuses a count that the vector has no room for', () => {
    for (const count of [-1, 3, 0.5]) {
      expect(() => fullyRead(sourceOf([1, 2, 3], 1), new Uint8Array(2), count)).toThrow(
        `Can't read ${count} octets into a vector of 2`,
      )
    }
  })

  test('refuses a source that claims more than it was given room for', () => {
    expect(() => fullyRead({ read: () => 3 }, new Uint8Array(2))).toThrow(
      'A source read 3 octets into room for 2',
    )
  })

  test('passes on what the source throws', () => {
    const source: OctetSource = {
      read() {
        throw new Error('ECONNRESET')
      },
    }
    expect(() => fullyRead(source, new Uint8Array(1))).toThrow('ECONNRESET')
  })
})
