import { describe, expect, test } from 'vitest'
import { MisuseError } from '../../src'
import { type FieldsInit, toFieldList } from '../../src/message/fields'

describe('fields are given', () => {
  test('as an object, whose lists make a field of each value', () => {
    expect(toFieldList({ 'content-length': 12, 'set-cookie': ['a=1', 'b=2'], vary: [] })).toEqual([
      ['content-length', '12'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
  })

  test('as pairs, whose order and repetition are kept', () => {
    const pairs: FieldsInit = [
      ['b', '2'],
      ['a', 1],
      ['b', '1'],
    ]
    expect(toFieldList(pairs)).toEqual([
      ['b', '2'],
      ['a', '1'],
      ['b', '1'],
    ])
  })

  test('as anything that yields pairs: Headers, a Map, a generator', () => {
    const expected = [['a', '1']]
    expect(toFieldList(new Headers({ A: '1' }))).toEqual(expected)
    expect(toFieldList(new Map([['a', '1']]))).toEqual(expected)
    function* pairs(): Generator<['a', '1']> {
      yield ['a', '1']
    }
    expect(toFieldList(pairs())).toEqual(expected)
  })

  test('with names in any case, which HTTP/2 sends in lower case (RFC 9113 section 8.2.1)', () => {
    expect(toFieldList({ 'Content-Type': 'text/plain' })).toEqual([['content-type', 'text/plain']])
  })
})

/** Expects an error with a code and a message that names the field. */
function expectRefused(fields: FieldsInit, name: string, rule: string): void {
  expect(() => toFieldList(fields)).toThrow(MisuseError)
  expect(() => toFieldList(fields)).toThrow(
    expect.objectContaining({
      code: 'INVALID_FIELD',
      message: expect.stringContaining(`The field ${JSON.stringify(name)} can't be sent: ${rule}`),
    }),
  )
}

describe('5.1 a name', () => {
  test('has any character of a token', () => {
    const name = "!#$%&'*+-.^_`|~09az"
    expect(toFieldList([[name, '']])).toEqual([[name, '']])
  })

  test.each(['', ' ', 'a b', 'a:', 'a\r\nb', 'é', 'a\0', '(a)', 'a,b'])(
    'is no token and refused: %j',
    (name) => {
      expectRefused([[name, '1']], name, 'a name must be a token')
    },
  )
})

describe('5.5 a value', () => {
  test.each(['', 'a', '!', '~', 'a b', 'a\tb', 'a  b', 'é', '\x80', 'ÿ'])('may be %j', (value) => {
    expect(toFieldList([['a', value]])).toEqual([['a', value]])
  })

  test.each([' a', 'a ', '\ta', ' ', 'a\r\nb: c', 'a\n', 'a\0b', '\x7f', 'a\x1fb', '€'])(
    'may not be %j',
    (value) => {
      expectRefused([['a', value]], 'a', 'a value must have visible Latin-1 characters')
    },
  )

  test.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, true, {}])(
    'is not made of %s',
    (value) => {
      const fields = { a: value } as unknown as FieldsInit
      expectRefused(fields, 'a', `a value must be a string or a number, not ${String(value)}`)
    },
  )
})

test('RFC 9113 8.2.2: fields about an HTTP/1.1 connection are refused', () => {
  for (const name of [
    'connection',
    'keep-alive',
    'proxy-connection',
    'transfer-encoding',
    'upgrade',
  ]) {
    expectRefused({ [name]: 'x' }, name, 'HTTP/2 forbids connection-specific fields')
  }
  expectRefused({ 'Transfer-Encoding': 'chunked' }, 'transfer-encoding', 'HTTP/2 forbids')
})

test('RFC 9113 8.3: pseudo-header fields are not given as fields', () => {
  expectRefused([[':status', '200']], ':status', 'pseudo-header fields are set automatically')
})
