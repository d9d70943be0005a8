import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decoder, Encoder } from '../../src/hpack'
import { DynamicTable } from '../../src/hpack/dynamic-table'
import type { HeaderField } from '../../src/hpack/header-field'
import { anyFields, block, decode, decodingError, encode, encodeToHex } from './blocks'

/** Adds `a: 1`, which has a size of 34 octets. */
const FIELD_A = '40 01 61 01 31'
/** Adds `b: 2`, another 34. */
const FIELD_B = '40 01 62 01 32'

describe('4.1 the size', () => {
  test('of an entry is its octets and 32', () => {
    const table = new DynamicTable(4096)
    table.insert(['name', 'value'])
    expect(table.size).toBe(4 + 5 + 32)
  })

  test('of a table is its entries’, and never above the maximum', () => {
    type Step = { insert: HeaderField } | { setMaxSize: number }
    const step: fc.Arbitrary<Step> = fc.oneof(
      anyFields().map((fields): Step => ({ insert: fields[0] ?? ['', ''] })),
      fc.nat({ max: 500 }).map((size): Step => ({ setMaxSize: size })),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const table = new DynamicTable(300)
        for (const step of steps) {
          if ('insert' in step) table.insert(step.insert)
          else table.setMaxSize(step.setMaxSize)
          let sum = 0
          for (let position = 0; position < table.length; position++) {
            const [name, value] = table.get(position)!
            sum += name.length + value.length + 32
          }
          expect(table.size).toBe(sum)
          expect(table.size).toBeLessThanOrEqual(table.maxSize)
          expect(table.get(table.length)).toBeUndefined()
        }
      }),
    )
  })
})

describe('4.2 the maximum size: a decoder', () => {
  test('begins with 4096 octets', () => {
    const decoder = new Decoder()
    // 120 entries of 34 octets are 4080.
    decode(decoder, FIELD_A.repeat(120))
    expect(decode(decoder, 'ff 36')).toEqual([['a', '1']])
    expect(decodingError(decoder, 'ff 37')).toBe('HPACK_INVALID_INDEX')
    decode(decoder, FIELD_B)
    expect(decodingError(decoder, 'ff 37')).toBe('HPACK_INVALID_INDEX')
  })

  test('takes size updates at a block’s beginning', () => {
    const decoder = new Decoder()
    decode(decoder, FIELD_A)
    expect(decode(decoder, '3f 00 82')).toEqual([[':method', 'GET']])
    expect(decodingError(decoder, 'be')).toBe('HPACK_INVALID_INDEX')
  })

  test('takes two of them', () => {
    const decoder = new Decoder()
    decode(decoder, FIELD_A)
    decode(decoder, `20 3f e1 1f ${FIELD_B}`)
    expect(decode(decoder, 'be')).toEqual([['b', '2']])
    expect(decodingError(decoder, 'bf')).toBe('HPACK_INVALID_INDEX')
  })

  test('refuses a third one', () => {
    expect(decodingError(new Decoder(), '20 20 20')).toBe('HPACK_TABLE_SIZE_UPDATE_MISPLACED')
  })

  test('refuses one behind a field', () => {
    expect(decodingError(new Decoder(), '82 20')).toBe('HPACK_TABLE_SIZE_UPDATE_MISPLACED')
  })

  test('refuses one above the limit', () => {
    expect(decodingError(new Decoder(), '3f e2 1f')).toBe('HPACK_TABLE_SIZE_UPDATE_TOO_LARGE')
    expect(decode(new Decoder(), '3f e1 1f')).toEqual([])
  })

  test('takes one up to a limit that rose', () => {
    const decoder = new Decoder()
    decoder.setMaxTableSize(8192)
    expect(decode(decoder, '3f e1 3f')).toEqual([])
  })

  test('needs none when the limit rose, and goes on with the size it had', () => {
    const decoder = new Decoder()
    decoder.setMaxTableSize(8192)
    decode(decoder, FIELD_A.repeat(121))
    expect(decodingError(decoder, 'ff 37')).toBe('HPACK_INVALID_INDEX')
  })

  test('needs one when the limit fell below the table’s size', () => {
    const decoder = new Decoder()
    decoder.setMaxTableSize(100)
    expect(decodingError(decoder, '82')).toBe('HPACK_TABLE_SIZE_UPDATE_MISSING')
  })

  test('needs none when the limit fell, but not below the table’s size', () => {
    const decoder = new Decoder()
    decode(decoder, '3f 45')
    decoder.setMaxTableSize(100)
    expect(decode(decoder, '82')).toEqual([[':method', 'GET']])
  })

  test('needs one for the smallest of several limits, then takes one up to the last', () => {
    const limits = (...sizes: number[]) => {
      const decoder = new Decoder()
      for (const size of sizes) decoder.setMaxTableSize(size)
      return decoder
    }
    expect(decode(limits(100, 4096), '3f 45 3f e1 1f 82')).toEqual([[':method', 'GET']])
    expect(decode(limits(100, 4096), '3f 45 82')).toEqual([[':method', 'GET']])
    expect(decodingError(limits(100, 4096), '3f e1 1f 82')).toBe('HPACK_TABLE_SIZE_UPDATE_MISSING')
    expect(decodingError(limits(4096, 100, 200), '3f 46 82')).toBe(
      'HPACK_TABLE_SIZE_UPDATE_MISSING',
    )
    expect(decodingError(limits(4096, 100, 200), '3f aa 01')).toBe(
      'HPACK_TABLE_SIZE_UPDATE_TOO_LARGE',
    )
  })

  test('needs the update in the first block only', () => {
    const decoder = new Decoder()
    decoder.setMaxTableSize(100)
    decode(decoder, '3f 45')
    expect(decode(decoder, '82')).toEqual([[':method', 'GET']])
  })
})

describe('4.2 the maximum size: an encoder', () => {
  test('writes no update as long as nothing changes', () => {
    const encoder = new Encoder()
    expect(encoder.hasPendingUpdate).toBe(false)
    expect(encodeToHex(encoder, [':method', 'GET'])).toBe('82')
  })

  test('begins the next block with an update when the peer’s limit fell', () => {
    const encoder = new Encoder()
    encoder.setPeerMaxTableSize(100)
    expect(encoder.hasPendingUpdate).toBe(true)
    expect(encodeToHex(encoder, [':method', 'GET'])).toBe('3f4582')
    expect(encoder.hasPendingUpdate).toBe(false)
    expect(encodeToHex(encoder, [':method', 'GET'])).toBe('82')
  })

  test('writes the smallest and the last size when the limit fell and rose', () => {
    const encoder = new Encoder()
    encoder.setPeerMaxTableSize(0)
    encoder.setPeerMaxTableSize(100)
    encoder.setPeerMaxTableSize(4096)
    expect(encodeToHex(encoder, [':method', 'GET'])).toBe('203fe11f82')
  })

  test('writes one when the limit only fell, several times', () => {
    const encoder = new Encoder()
    encoder.setPeerMaxTableSize(200)
    encoder.setPeerMaxTableSize(100)
    expect(encodeToHex(encoder)).toBe('3f45')
  })

  test('uses no more than it allows itself, however much the peer does', () => {
    const encoder = new Encoder()
    encoder.setPeerMaxTableSize(65_536)
    expect(encoder.hasPendingUpdate).toBe(false)
  })

  test('uses more if it allows itself more and the peer does', () => {
    const encoder = new Encoder({ maxTableSize: 65_536 })
    expect(encoder.hasPendingUpdate).toBe(false)
    encoder.setPeerMaxTableSize(8192)
    expect(encodeToHex(encoder)).toBe('3fe13f')
  })

  test('says so in its first block if it allows itself less than the peer begins with', () => {
    expect(encodeToHex(new Encoder({ maxTableSize: 0 }), ['a', '1'])).toBe('2000016101' + '31')
  })

  test('stays in step with the decoder, whatever the limits and the fields', () => {
    const step = fc.record({
      sizes: fc.array(fc.oneof(fc.constantFrom(0, 4096), fc.nat({ max: 10_000 })), {
        maxLength: 3,
      }),
      fields: anyFields(),
    })
    fc.assert(
      fc.property(
        fc.nat({ max: 10_000 }),
        fc.array(step, { maxLength: 20 }),
        (maxTableSize, steps) => {
          const encoder = new Encoder({ maxTableSize })
          const decoder = new Decoder()
          for (const { sizes, fields } of steps) {
            for (const size of sizes) {
              encoder.setPeerMaxTableSize(size)
              decoder.setMaxTableSize(size)
            }
            const decoded = decode(decoder, encode(encoder, ...fields))
            expect(decoded.map(([name, value]) => [name, value])).toEqual(
              fields.map(([name, value]) => [name, value]),
            )
          }
        },
      ),
    )
  })
})

describe('4.3 and 4.4 entries are evicted', () => {
  test('the oldest first, when the maximum size falls', () => {
    const decoder = new Decoder()
    decode(decoder, FIELD_A + FIELD_B)
    decode(decoder, '3f 24')
    expect(decode(decoder, 'be')).toEqual([['b', '2']])
    expect(decodingError(decoder, 'bf')).toBe('HPACK_INVALID_INDEX')
  })

  test('all of them, when it falls to 0', () => {
    const decoder = new Decoder()
    decode(decoder, FIELD_A + FIELD_B)
    decode(decoder, '20')
    expect(decodingError(decoder, 'be')).toBe('HPACK_INVALID_INDEX')
  })

  test('none, when they just fit', () => {
    const decoder = new Decoder()
    decode(decoder, `3f 25 ${FIELD_A} ${FIELD_B}`)
    expect(decode(decoder, 'be bf')).toEqual([
      ['b', '2'],
      ['a', '1'],
    ])
  })

  test('as many as a new one needs room of', () => {
    // 36 octets: a table of 70 has room for one of the two, a table of 69 for neither.
    const newField = '40 01 63 03 33 33 33'
    const roomForBoth = new Decoder()
    decode(roomForBoth, `3f 27 ${FIELD_A} ${FIELD_B} ${newField}`)
    expect(decode(roomForBoth, 'be bf')).toEqual([
      ['c', '333'],
      ['b', '2'],
    ])
    expect(decodingError(roomForBoth, 'c0')).toBe('HPACK_INVALID_INDEX')
    const roomForOne = new Decoder()
    decode(roomForOne, `3f 26 ${FIELD_A} ${FIELD_B} ${newField}`)
    expect(decode(roomForOne, 'be')).toEqual([['c', '333']])
    expect(decodingError(roomForOne, 'bf')).toBe('HPACK_INVALID_INDEX')
  })

  test('all of them by a new one that is larger than the table, which is no error', () => {
    const decoder = new Decoder()
    decode(decoder, `3f 03 ${FIELD_A}`)
    expect(decode(decoder, '40 01 62 02 32 32')).toEqual([['b', '22']])
    expect(decodingError(decoder, 'be')).toBe('HPACK_INVALID_INDEX')
  })

  test('although the new one refers to the name of one of them', () => {
    const decoder = new Decoder()
    decode(decoder, `3f 03 ${FIELD_A}`)
    expect(decode(decoder, '7e 01 32 be')).toEqual([
      ['a', '2'],
      ['a', '2'],
    ])
  })
})

describe('the generation', () => {
  /** Returns whether a block, in hexadecimal digits, changes a decoder's generation. */
  function changes(digits: string): boolean {
    const decoder = new Decoder()
    decode(decoder, FIELD_A)
    const before = decoder.generation
    decoder.decode(block(digits))
    return decoder.generation !== before
  }

  test('stays when a block leaves the dynamic table as it was', () => {
    expect(changes('82 be 00 01 62 01 32 1f 2f 01 31')).toBe(false)
  })

  test('grows with a new entry', () => {
    expect(changes(FIELD_B)).toBe(true)
  })

  test('grows with a size update', () => {
    expect(changes('20')).toBe(true)
  })

  test('grows when the limit changes, since the same block may be refused then', () => {
    const decoder = new Decoder()
    const before = decoder.generation
    decoder.setMaxTableSize(0)
    expect(decoder.generation).toBeGreaterThan(before)
  })
})
