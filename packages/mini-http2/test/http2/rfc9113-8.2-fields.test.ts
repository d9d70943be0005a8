import { describe, expect, test } from 'vitest'
import type { FieldList } from '../../src'
import {
  expectMalformed,
  expectMalformedHead,
  GET,
  headOf,
  POST,
  request,
} from '../support/http2-messages'

/** Requests with an additional field, at the end of the head or in the trailers. */
const withField = (name: string, value: string): FieldList => [...GET, [name, value]]

const withTrailer = (name: string, value: string) =>
  request(1, POST, { body: ['abc'], trailers: [[name, value]] })

describe('8.2.1 field validity', () => {
  test('a name has any lower-case character of a token', () => {
    const name = "!#$%&'*+-.^_`|~09az"
    expect(headOf(withField(name, '1')).headers).toEqual([[name, '1']])
  })

  test.each([
    'Accept',
    'aCcept',
    '',
    'a b',
    ' a',
    'a:',
    'a\x00',
    'a\r\nb',
    'a\x7f',
    'a\xe9',
    'a(b)',
    'a"',
  ])('a request with the name %j is malformed', (name) => {
    expectMalformedHead(withField(name, '1'))
    expectMalformed(withTrailer(name, '1'))
  })

  test.each(['', 'a', 'a b', 'a\tb', '\x80\xff', '"()<>@,;:\\"/[]?={}', 'a\x01b'])(
    'a value may be %j',
    (value) => {
      expect(headOf(withField('a', value)).headers).toEqual([['a', value]])
    },
  )

  test.each(['a\x00b', 'a\nb', 'a\rb', 'a\r\nb: c', '\n', 'a\n', ' a', 'a ', '\ta', 'a\t', ' '])(
    'a request with the value %j is malformed',
    (value) => {
      expectMalformedHead(withField('a', value))
      expectMalformed(withTrailer('a', value))
    },
  )

  test.each([':method', ':scheme', ':authority', ':path'])(
    'the value of %s is as limited as any other',
    (name) => {
      for (const wrong of ['\n', '\0', ' ']) {
        const fields = GET.map(
          ([known, value]) => [known, known === name ? value + wrong : value] as const,
        )
        expectMalformedHead(fields)
      }
    },
  )
})

describe('8.2.2 connection-specific fields', () => {
  test.each(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])(
    'a request with %s is malformed',
    (name) => {
      expectMalformedHead(withField(name, 'x'))
      expectMalformed(withTrailer(name, 'x'))
    },
  )

  test('te may say trailers', () => {
    expect(headOf(withField('te', 'trailers')).headers).toEqual([['te', 'trailers']])
  })

  test.each(['gzip', 'trailers, deflate', ''])(
    'a request whose te says %j is malformed',
    (value) => {
      expectMalformedHead(withField('te', value))
    },
  )
})

describe('8.2.3 cookie crumbs', () => {
  // Short cookies are never indexed, and are marked as sensitive.
  test('are joined by a semicolon and a blank, in the place of the first, and stay marked as sensitive', () => {
    const { headers } = headOf([
      ...GET,
      ['a', '1'],
      ['cookie', 'b=2'],
      ['c', '3'],
      ['cookie', 'd=4'],
      ['cookie', 'e=5; f=6'],
    ])
    expect(headers).toEqual([
      ['a', '1'],
      ['cookie', 'b=2; d=4; e=5; f=6', true],
      ['c', '3'],
    ])
  })

  test('a single one is left as it is', () => {
    expect(headOf(withField('cookie', 'a=1')).headers).toEqual([['cookie', 'a=1', true]])
  })
})
