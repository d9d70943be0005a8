import { describe, expect, test } from 'vitest'
import {
  checkContentLength,
  contentLengthOf,
  dropForbiddenLength,
} from '../../src/message/content-length'
import type { Field, FieldList } from '../../src/message/fields'

const announcing = (value: string): FieldList => [
  ['a', 'b'],
  ['content-length', value],
]

describe('content-length', () => {
  test('is found among the fields', () => {
    expect(contentLengthOf(announcing('12'))).toBe(12)
    expect(contentLengthOf(announcing('0'))).toBe(0)
    expect(contentLengthOf([['a', 'b']])).toBeUndefined()
  })

  test.each(['', '-1', '+1', '1.5', '0x10', '1e3', 'twelve', '12, 12', '9999999999999999'])(
    'is a number of octets, not %j',
    (value) => {
      expect(() => contentLengthOf(announcing(value))).toThrow(
        expect.objectContaining({
          code: 'INVALID_FIELD',
          message: `content-length must be a number of bytes, not ${JSON.stringify(value)}.`,
        }),
      )
    },
  )
})

describe('of a response whose whole body is known, content-length', () => {
  test('is left out or says its length', () => {
    expect(() => checkContentLength([], 200, 12)).not.toThrow()
    expect(() => checkContentLength(announcing('12'), 200, 12)).not.toThrow()
  })

  test('may not say anything else', () => {
    expect(() => checkContentLength(announcing('11'), 200, 12)).toThrow(
      expect.objectContaining({
        code: 'CONTENT_LENGTH_MISMATCH',
        message: 'content-length is 11, but the body has 12 bytes.',
      }),
    )
  })

  test('says with 304 what 200 would have had', () => {
    expect(() => checkContentLength(announcing('12'), 304, 0)).not.toThrow()
  })
})

describe('of a response that may not have one, content-length', () => {
  test.each([100, 103, 199, 204])('is dropped with %d, whatever it says', (status) => {
    for (const value of ['0', '12', 'twelve']) {
      const fields: Field[] = [...announcing(value), ['c', 'd'], ['content-length', value]]
      dropForbiddenLength(fields, status)
      expect(fields).toEqual([
        ['a', 'b'],
        ['c', 'd'],
      ])
    }
  })

  test.each([200, 205, 304, 404])('stays with %d', (status) => {
    const fields: Field[] = [...announcing('0')]
    dropForbiddenLength(fields, status)
    expect(fields).toEqual(announcing('0'))
  })
})
