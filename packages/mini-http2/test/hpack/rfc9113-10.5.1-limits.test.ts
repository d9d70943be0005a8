import { concatenate, OutputBuffer } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decoder, encodeWithoutDynamicTable } from '../../src/hpack'
import { block, decode } from './blocks'

const FIELD_A = '40 01 61 01 31'

describe('a header list', () => {
  test('counts the octets of names and values, and 32 for each field', () => {
    const decoder = new Decoder({ maxListSize: 2 * 34 })
    expect(decoder.decode(block(`${FIELD_A} be`)).state).toBe('decoded')
    const tight = new Decoder({ maxListSize: 2 * 34 - 1 })
    expect(tight.decode(block(`${FIELD_A} be`))).toEqual({
      state: 'too-large',
      fields: [['a', '1']],
    })
  })

  test('has a limit on its fields', () => {
    const decoder = new Decoder({ maxFields: 2 })
    expect(decoder.decode(block('82 84')).state).toBe('decoded')
    expect(decoder.decode(block('82 84 86'))).toEqual({
      state: 'too-large',
      fields: [
        [':method', 'GET'],
        [':path', '/'],
      ],
    })
  })

  test('beyond a limit keeps nothing more, not even what would fit', () => {
    const decoder = new Decoder({ maxListSize: 100 })
    expect(decoder.decode(block(`82 00 01 61 32 ${'31'.repeat(50)} 84`))).toEqual({
      state: 'too-large',
      fields: [[':method', 'GET']],
    })
  })

  test('beyond a limit is decoded to its end, so that the next block finds the dynamic table in step', () => {
    const decoder = new Decoder({ maxFields: 1 })
    expect(decoder.decode(block(`82 84 ${FIELD_A}`)).state).toBe('too-large')
    expect(decode(decoder, 'be')).toEqual([['a', '1']])
  })

  test('beyond a limit is still refused if it is wrong', () => {
    const decoder = new Decoder({ maxFields: 1 })
    expect(decoder.decode(block('82 84 80'))).toMatchObject({
      state: 'invalid',
      error: { code: 'HPACK_INVALID_INDEX' },
    })
  })

  test('of 64 KiB and 128 fields is allowed if nobody says otherwise', () => {
    const decoder = new Decoder()
    const fields = Array.from({ length: 128 }, () => ['a', '1'.repeat(479)] as const)
    expect(decoder.decode(encodeWithoutDynamicTable(fields)).state).toBe('decoded')
    expect(decoder.decode(encodeWithoutDynamicTable([...fields, ['a', '']])).state).toBe(
      'too-large',
    )
    expect(
      decoder.decode(encodeWithoutDynamicTable([...fields.slice(1), ['a', '1'.repeat(480)]])).state,
    ).toBe('too-large')
  })
})

test('a few octets that refer to a large entry again and again stay within the limits', () => {
  const decoder = new Decoder()
  const large = concatenate(block('40 01 61 7f a1 1e'), new Uint8Array(4000).fill(0x31))
  expect(decoder.decode(large).state).toBe('decoded')
  const result = decoder.decode(new Uint8Array(100_000).fill(0xbe))
  expect(result).toMatchObject({ state: 'too-large', fields: { length: 16 } })
})

test('any octets are decoded or refused, and what is kept is within the limits', () => {
  const limits = { maxListSize: 300, maxFields: 5 }
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    // Representations with short strings, so that many of them are valid.
    fc
      .array(
        fc.oneof(
          fc.integer({ min: 0x80, max: 0xff }).map((first) => [first]),
          fc.integer({ min: 0x20, max: 0x3e }).map((first) => [first]),
          fc
            .tuple(fc.constantFrom(0x00, 0x10, 0x40), fc.integer({ min: 1, max: 14 }))
            .map(([pattern, index]) => [pattern | index, 2, 0x61, 0x62]),
        ),
        { maxLength: 40 },
      )
      .map((pieces) => Uint8Array.from(pieces.flat())),
  )
  fc.assert(
    fc.property(fc.array(octets, { maxLength: 10 }), (blocks) => {
      const decoder = new Decoder(limits)
      for (const octets of blocks) {
        const result = decoder.decode(octets)
        if (result.state === 'invalid') {
          expect(result.error.code).toMatch(/^HPACK_/)
          return
        }
        // Only the size limits the number of cookie crumbs.
        const counted = result.fields.filter(([name]) => name !== 'cookie')
        expect(counted.length).toBeLessThanOrEqual(limits.maxFields)
        const size = result.fields.reduce(
          (sum, field) => sum + field[0].length + field[1].length,
          0,
        )
        expect(size + 32 * result.fields.length).toBeLessThanOrEqual(limits.maxListSize)
      }
    }),
    { numRuns: 500 },
  )
})

test('the octets around a block are not looked at, nor is the block changed', () => {
  const output = new OutputBuffer()
  output.append(block(`ff ff ${FIELD_A} ff ff`))
  const octets = output.take()!
  const before = octets.slice()
  expect(new Decoder().decode(octets, 2, 7)).toEqual({ state: 'decoded', fields: [['a', '1']] })
  expect(octets).toEqual(before)
})
