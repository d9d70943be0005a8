import { describe, expect, test } from 'vitest'
import { octetize, toHex } from '../src'

describe('octetize makes an octet vector', () => {
  test('from numbers', () => {
    expect(octetize([0, 1, 255])).toEqual(Uint8Array.of(0, 1, 255))
  })

  test('from nothing', () => {
    expect(octetize([])).toHaveLength(0)
    expect(octetize('')).toHaveLength(0)
    expect(octetize('', 'hex')).toHaveLength(0)
  })

  test('from text, as UTF-8 unless told otherwise', () => {
    expect(octetize('é€')).toEqual(Uint8Array.of(0xc3, 0xa9, 0xe2, 0x82, 0xac))
    expect(octetize('é', 'latin1')).toEqual(Uint8Array.of(0xe9))
  })

  test('from hexadecimal digits of either case, with white space between octets', () => {
    expect(octetize('00 fF\n10', 'hex')).toEqual(Uint8Array.of(0, 255, 16))
  })

  test('that is a copy of a vector given to it', () => {
    const original = Uint8Array.of(1, 2)
    const copy = octetize(original)
    original[0] = 9
    expect(copy).toEqual(Uint8Array.of(1, 2))
  })
})

describe('octetize refuses, naming index and value,', () => {
  test.each([
    [[0, 256], 'The value 256 at index 1'],
    [[-1], 'The value -1 at index 0'],
    [[1, 2, 1.5], 'The value 1.5 at index 2'],
    [[Number.NaN], 'The value NaN at index 0'],
  ])('the numbers %j', (values, message) => {
    expect(() => octetize(values)).toThrow(RangeError)
    expect(() => octetize(values)).toThrow(message)
  })

  test('a hole in an array and a value that is not a number', () => {
    const withHole = new Array<number>(3).fill(1, 0, 1)
    expect(() => octetize(withHole)).toThrow('The value undefined at index 1')
    expect(() => octetize(['1'] as unknown as number[])).toThrow('The value 1 at index 0')
  })

  test('a character beyond Latin-1', () => {
    expect(() => octetize('a€', 'latin1')).toThrow('The value "€" at index 1')
  })

  test.each([
    ['0', 'The value "0" at index 0'],
    ['00 0x', 'The value "0x" at index 3'],
    ['0 0', 'The value "0 " at index 0'],
    ['00é0', 'The value "é0" at index 2'],
  ])('the hexadecimal text %j', (text, message) => {
    expect(() => octetize(text, 'hex')).toThrow(RangeError)
    expect(() => octetize(text, 'hex')).toThrow(message)
  })
})

test('toHex is the inverse of octetize from hex', () => {
  const all = octetize(Array.from({ length: 256 }, (_, octet) => octet))
  expect(toHex(Uint8Array.of(0, 10, 255))).toBe('000aff')
  expect(octetize(toHex(all), 'hex')).toEqual(all)
})
