import { describe, expect, test } from 'vitest'
import { Decoder } from '../../src/hpack'
import { STATIC_TABLE } from '../../src/hpack/static-table'
import { decode, decodingError } from './blocks'

/** Adds `a: 1`, `b: 2` and `c: 3` to the dynamic table, in this order. */
const THREE_FIELDS = '40 01 61 01 31  40 01 62 01 32  40 01 63 01 33'

describe('the static table', () => {
  test('has 61 fields, those of appendix A', () => {
    expect(STATIC_TABLE).toHaveLength(61)
    // One entry of each page of the appendix.
    expect(decode(new Decoder(), '81')).toEqual([[':authority', '']])
    expect(decode(new Decoder(), '82')).toEqual([[':method', 'GET']])
    expect(decode(new Decoder(), '8e')).toEqual([[':status', '500']])
    expect(decode(new Decoder(), '90')).toEqual([['accept-encoding', 'gzip, deflate']])
    expect(decode(new Decoder(), 'a0')).toEqual([['cookie', '']])
    expect(decode(new Decoder(), 'ae')).toEqual([['location', '']])
    expect(decode(new Decoder(), 'bd')).toEqual([['www-authenticate', '']])
  })

  test('is in the order of its names but for the most frequent ones', () => {
    const names = STATIC_TABLE.slice(14).map(([name]) => name)
    const moved = new Set(['accept', 'access-control-allow-origin'])
    const rest = names.filter((name) => !moved.has(name))
    expect(rest).toEqual(rest.toSorted())
  })
})

describe('the dynamic table', () => {
  test('is empty at first', () => {
    expect(decodingError(new Decoder(), 'be')).toBe('HPACK_INVALID_INDEX')
  })

  test('has its newest entry at the lowest index, 62', () => {
    const decoder = new Decoder()
    decode(decoder, THREE_FIELDS)
    expect(decode(decoder, 'be bf c0')).toEqual([
      ['c', '3'],
      ['b', '2'],
      ['a', '1'],
    ])
  })

  test('may have the same entry twice', () => {
    const decoder = new Decoder()
    decode(decoder, '40 01 61 01 31  40 01 61 01 31')
    expect(decode(decoder, 'be bf')).toEqual([
      ['a', '1'],
      ['a', '1'],
    ])
  })

  test('is used and changed within one block', () => {
    expect(decode(new Decoder(), '40 01 61 01 31  be  40 01 62 01 32  bf')).toEqual([
      ['a', '1'],
      ['a', '1'],
      ['b', '2'],
      ['a', '1'],
    ])
  })
})

describe('an index is refused', () => {
  test('0, for a field', () => {
    expect(decodingError(new Decoder(), '80')).toBe('HPACK_INVALID_INDEX')
  })

  test('behind the dynamic table’s oldest entry', () => {
    const decoder = new Decoder()
    decode(decoder, THREE_FIELDS)
    expect(decodingError(decoder, 'c1')).toBe('HPACK_INVALID_INDEX')
  })

  test('behind it, for a name', () => {
    expect(decodingError(new Decoder(), '7e 01 31')).toBe('HPACK_INVALID_INDEX')
    expect(decodingError(new Decoder(), '0f 2f 01 31')).toBe('HPACK_INVALID_INDEX')
    expect(decodingError(new Decoder(), '1f 2f 01 31')).toBe('HPACK_INVALID_INDEX')
  })

  test('as large as integers go', () => {
    expect(decodingError(new Decoder(), 'ff 80 ff ff ff 0f')).toBe('HPACK_INVALID_INDEX')
  })

  test('with a message that says which there are', () => {
    const decoder = new Decoder()
    decode(decoder, THREE_FIELDS)
    expect(decoder.decode(Uint8Array.of(0xc9))).toMatchObject({
      error: { message: expect.stringMatching(/index 73, .* 1 to 64/) },
    })
  })
})
