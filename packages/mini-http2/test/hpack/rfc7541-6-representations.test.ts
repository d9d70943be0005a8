import { describe, expect, test } from 'vitest'
import { Decoder, Encoder, encodeWithoutDynamicTable } from '../../src/hpack'
import { decode, decodingError, encodeToHex } from './blocks'

describe('6.1 an indexed field', () => {
  test('is the table’s field', () => {
    expect(decode(new Decoder(), '82 84')).toEqual([
      [':method', 'GET'],
      [':path', '/'],
    ])
  })

  test('is what the encoder writes for a field that a table has', () => {
    const encoder = new Encoder()
    expect(encodeToHex(encoder, [':status', '200'])).toBe('88')
    expect(encodeToHex(encoder, ['a', '1'])).toBe('4001610131')
    expect(encodeToHex(encoder, ['a', '1'])).toBe('be')
  })

  test('may have an index above the prefix', () => {
    const encoder = new Encoder()
    const fields = Array.from({ length: 100 }, (_, value) => ['a', String(value)] as const)
    encodeToHex(encoder, ...fields)
    // 99 entries are newer than the first: 62 + 99 - 127 = 34.
    expect(encodeToHex(encoder, ['a', '0'])).toBe('ff22')
  })
})

describe('6.2.1 a literal with incremental indexing', () => {
  test('enters the dynamic table', () => {
    const decoder = new Decoder()
    expect(decode(decoder, '40 01 61 01 31 be')).toEqual([
      ['a', '1'],
      ['a', '1'],
    ])
  })

  test('may take its name from either table', () => {
    const decoder = new Decoder()
    expect(decode(decoder, '60 01 31 7e 01 32')).toEqual([
      ['cookie', '1'],
      ['cookie', '2'],
    ])
  })

  test('is what the encoder writes at first for most fields, with an index for a known name', () => {
    const encoder = new Encoder()
    expect(encodeToHex(encoder, ['server', 'a'], ['b', '1'], ['b', '2'])).toBe(
      '760161' + '4001620131' + '7e0132',
    )
  })
})

describe('6.2.2 a literal without indexing', () => {
  test('leaves the dynamic table as it is', () => {
    const decoder = new Decoder()
    expect(decode(decoder, '00 01 61 01 31')).toEqual([['a', '1']])
    expect(decodingError(decoder, 'be')).toBe('HPACK_INVALID_INDEX')
  })

  test('may take its name from either table', () => {
    expect(decode(new Decoder(), '40 01 61 01 31 0f 2f 01 32 04 01 2a')).toEqual([
      ['a', '1'],
      ['a', '2'],
      [':path', '*'],
    ])
  })

  test('is what the encoder writes for values that hardly come again', () => {
    const encoder = new Encoder()
    expect(encodeToHex(encoder, [':path', '*'])).toBe('04012a')
    expect(encodeToHex(encoder, [':path', '*'])).toBe('04012a')
  })

  test('is what the encoder writes for a field that would take most of the table', () => {
    const encoder = new Encoder()
    const large = ['a', '1'.repeat(3072)] as const
    const first = encodeToHex(encoder, large)
    expect(first).toMatch(/^000161/)
    expect(encodeToHex(encoder, large)).toBe(first)
  })
})

describe('6.2.3 and 7.1.3 a literal never indexed', () => {
  test('is marked as sensitive, and leaves the dynamic table as it is', () => {
    const decoder = new Decoder()
    expect(decode(decoder, '10 01 61 01 31')).toEqual([['a', '1', true]])
    expect(decodingError(decoder, 'be')).toBe('HPACK_INVALID_INDEX')
  })

  test('is what the encoder writes for a field that is marked', () => {
    expect(encodeToHex(new Encoder(), ['a', '1', true])).toBe('1001610131')
  })

  test('is so even if a table has the field', () => {
    const encoder = new Encoder()
    expect(encodeToHex(encoder, [':method', 'GET', true])).toMatch(/^12/)
    encodeToHex(encoder, ['a', '1'])
    expect(encodeToHex(encoder, ['a', '1', true])).toBe('1f2f0131')
  })

  test.each(['authorization', 'proxy-authorization', 'set-cookie'])(
    'is what the encoder writes for %s, marked or not',
    (name) => {
      const encoder = new Encoder()
      encodeToHex(encoder, [name, 'secret'])
      expect(decode(new Decoder(), encodeToHex(encoder, [name, 'secret']))).toEqual([
        [name, 'secret', true],
      ])
    },
  )

  test('is what the encoder writes for a short cookie, which might be guessed, and for no long one', () => {
    const decoder = new Decoder()
    const encoded = encodeToHex(
      new Encoder(),
      ['cookie', 'x'.repeat(19)],
      ['cookie', 'x'.repeat(20)],
    )
    expect(decode(decoder, encoded)).toEqual([
      ['cookie', 'x'.repeat(19), true],
      ['cookie', 'x'.repeat(20)],
    ])
    expect(decode(decoder, 'be')).toEqual([['cookie', 'x'.repeat(20)]])
  })

  test('stays so when decoded fields are encoded again', () => {
    const fields = decode(new Decoder(), '10 01 61 01 31')
    expect(encodeToHex(new Encoder(), ...fields)).toBe('1001610131')
  })
})

describe('without the dynamic table', () => {
  test('a block is decoded at any time, and changes nothing', () => {
    const fields = [
      [':status', '200'],
      ['server', 'a'],
      ['b', '1'],
      ['set-cookie', 'c=d'],
    ] as const
    const block = encodeWithoutDynamicTable(fields)
    const decoder = new Decoder()
    decode(decoder, '40 01 61 01 31')
    const before = decoder.generation
    expect(decode(decoder, block)).toEqual([...fields.slice(0, 3), ['set-cookie', 'c=d', true]])
    expect(decoder.generation).toBe(before)
  })

  test('the same fields make the same block', () => {
    const fields = [['a', '1']] as const
    expect(encodeWithoutDynamicTable(fields)).toEqual(encodeWithoutDynamicTable(fields))
  })

  test('no fields make an empty block', () => {
    expect(encodeWithoutDynamicTable([])).toHaveLength(0)
  })
})
