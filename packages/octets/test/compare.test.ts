import { describe, expect, test } from 'vitest'
import { compareOctets, concatenate, firstMismatch, makeOctetVector, octetsEqual } from '../src'

const vector = (...octets: number[]) => Uint8Array.from(octets)

describe('firstMismatch is', () => {
  test('-1 for equal vectors', () => {
    expect(firstMismatch(vector(), vector())).toBe(-1)
    expect(firstMismatch(vector(1, 2), vector(1, 2))).toBe(-1)
  })

  test('the index of the first octet that differs', () => {
    expect(firstMismatch(vector(1, 2, 3, 4), vector(1, 2, 9, 9))).toBe(2)
  })

  test('the length of the shorter vector if it is a prefix', () => {
    expect(firstMismatch(vector(1, 2), vector(1, 2, 3))).toBe(2)
    expect(firstMismatch(vector(1), vector())).toBe(0)
  })
})

test('octetsEqual compares contents, not identity', () => {
  expect(octetsEqual(vector(1, 2), Buffer.from([1, 2]))).toBe(true)
  expect(octetsEqual(vector(1, 2), vector(1, 3))).toBe(false)
  expect(octetsEqual(vector(1), vector(1, 0))).toBe(false)
})

describe('compareOctets orders', () => {
  test('by the first difference, as unsigned octets', () => {
    expect(compareOctets(vector(0x7f), vector(0x80))).toBe(-1)
    expect(compareOctets(vector(2), vector(1, 9))).toBe(1)
  })

  test('a prefix before what it begins, even when that continues with 0', () => {
    expect(compareOctets(vector(1), vector(1, 0))).toBe(-1)
    expect(compareOctets(vector(1, 0), vector(1))).toBe(1)
    expect(compareOctets(vector(1), vector(1))).toBe(0)
  })
})

test('concatenate joins into a new vector', () => {
  const first = vector(1)
  const joined = concatenate(first, vector(), vector(2, 3))
  first[0] = 9
  expect(joined).toEqual(vector(1, 2, 3))
})

test('makeOctetVector makes zeros and refuses what is no count', () => {
  expect(makeOctetVector(2)).toEqual(vector(0, 0))
  for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => makeOctetVector(count)).toThrow(RangeError)
  }
})
