import { octetize } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decoder } from '../../src/hpack'
import { BlockReader } from '../../src/hpack/block-reader'
import { MAX_INTEGER, MAX_INTEGER_OCTETS, writeInteger } from '../../src/hpack/integer'
import { block, decodingError } from './blocks'

function written(prefix: number, pattern: number, value: number): Uint8Array {
  const octets = new Uint8Array(MAX_INTEGER_OCTETS)
  return octets.slice(0, writeInteger(octets, 0, prefix, pattern, value))
}

function read(prefix: number, digits: string): number {
  const reader = new BlockReader()
  reader.octets = block(digits)
  reader.end = reader.octets.length
  const value = reader.readInteger(prefix)
  expect(reader.offset, 'all octets are read').toBe(reader.end)
  return value
}

test('a value below 2^N - 1 lies in the prefix', () => {
  expect(written(5, 0, 10)).toEqual(block('0a'))
  expect(written(7, 0x80, 126)).toEqual(block('fe'))
  expect(read(5, '0a')).toBe(10)
})

test('2^N - 1 fills the prefix, and a zero follows', () => {
  expect(written(5, 0, 31)).toEqual(block('1f 00'))
  expect(written(8, 0, 255)).toEqual(block('ff 00'))
  expect(read(5, '1f 00')).toBe(31)
})

test('of a larger value the rest follows seven bits at a time, the lowest first', () => {
  expect(written(5, 0, 1337)).toEqual(block('1f 9a 0a'))
  expect(read(5, '1f 9a 0a')).toBe(1337)
})

test('the bits above the prefix are not the integer’s', () => {
  expect(written(5, 0x20, 1337)).toEqual(block('3f 9a 0a'))
  expect(read(5, 'ea')).toBe(10)
})

test('each value is read as it was written, with each prefix', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 0, max: MAX_INTEGER })),
      (prefix, value) => {
        const octets = written(prefix, 0, value)
        const reader = new BlockReader()
        reader.octets = octets
        reader.end = octets.length
        expect(reader.readInteger(prefix)).toBe(value)
        expect(reader.offset).toBe(octets.length)
      },
    ),
  )
})

test('the largest integer is 2^32 - 1, in as many octets as MAX_INTEGER_OCTETS says', () => {
  expect(written(1, 0, MAX_INTEGER)).toHaveLength(MAX_INTEGER_OCTETS)
  expect(read(5, '3f e0 ff ff ff 0f')).toBe(MAX_INTEGER)
})

test('zeros that add nothing are allowed as far as the largest integer goes', () => {
  expect(read(5, '1f 80 80 80 80 00')).toBe(31)
})

describe('an integer is refused', () => {
  const decoder = new Decoder({ maxTableSize: MAX_INTEGER })

  test('above 2^32 - 1', () => {
    expect(decodingError(decoder, '3f e1 ff ff ff 0f')).toBe('HPACK_INTEGER_OVERFLOW')
  })

  test('with more octets than 2^32 - 1 needs, even if they are zeros', () => {
    expect(decodingError(decoder, '3f 80 80 80 80 80 00')).toBe('HPACK_INTEGER_OVERFLOW')
  })

  test('whose octets never end', () => {
    expect(decodingError(decoder, `ff${'ff'.repeat(10_000)}`)).toBe('HPACK_INTEGER_OVERFLOW')
  })

  test('whose end lies behind the block’s', () => {
    expect(decodingError(decoder, 'ff')).toBe('HPACK_TRUNCATED')
    expect(decodingError(decoder, 'ff 80')).toBe('HPACK_TRUNCATED')
    const octets = octetize('ff00', 'hex')
    expect(decoder.decode(octets, 0, 1)).toMatchObject({ error: { code: 'HPACK_TRUNCATED' } })
  })
})
