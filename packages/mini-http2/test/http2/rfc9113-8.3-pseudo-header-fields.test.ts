import { describe, expect, test } from 'vitest'
import type { FieldList } from '../../src'
import {
  describing,
  expectMalformed,
  expectMalformedHead,
  GET,
  headOf,
  http2Exchange,
  POST,
  request,
} from '../support/http2-messages'

const without = (name: string): FieldList => GET.filter(([known]) => known !== name)

const having = (name: string, value: string): FieldList =>
  GET.map(([known, before]) => [known, known === name ? value : before])

describe('8.3 pseudo-header fields', () => {
  test('may have any order', () => {
    expect(headOf(GET.toReversed())).toMatchObject({
      method: 'GET',
      scheme: 'https',
      authority: 'localhost',
      path: '/',
      headers: [],
    })
  })

  test('come before all regular fields', () => {
    for (let index = 0; index < GET.length; index++) {
      expectMalformedHead(GET.toSpliced(index, 0, ['a', '1']))
    }
  })

  test.each(GET.map(([name]) => name))('%s comes once', (name) => {
    expectMalformedHead([...GET, ...GET.filter(([known]) => known === name)])
  })

  test('with an empty value, a field still comes once', () => {
    expectMalformedHead([...without(':authority'), [':authority', ''], [':authority', 'localhost']])
  })

  test.each([':status', ':protocol', ':unknown', ':', ':Method', ':METHOD'])(
    '%s is none of a request',
    (name) => {
      expectMalformedHead([[name, '200'], ...GET])
    },
  )

  test.each([':method', ':path', ':status', ':x'])('%s is not among the trailers', (name) => {
    expectMalformed(
      request(1, POST, {
        body: ['abc'],
        trailers: [
          ['a', '1'],
          [name, '1'],
        ],
      }),
    )
    expectMalformed(request(1, POST, { trailers: [[name, '1']] }))
  })
})

describe('8.3.1 a request', () => {
  test.each([':method', ':scheme', ':path'])('without %s is malformed', (name) => {
    expectMalformedHead(without(name))
  })

  test('without any field is malformed', () => {
    expectMalformedHead([])
  })

  test.each(['get', 'M-SEARCH', 'PROPFIND', "!#$%&'*+-.^_`|~"])(
    'may have the method %s',
    (method) => {
      expect(headOf(having(':method', method)).method).toBe(method)
    },
  )

  test.each(['', 'G ET', 'GET/', 'G\xc9T'])('may not have the method %j', (method) => {
    expectMalformedHead(having(':method', method))
  })

  test.each(['', '1http', 'ht tp', 'https:', 'http/'])('may not have the scheme %j', (scheme) => {
    expectMalformedHead(having(':scheme', scheme))
  })

  test.each(['/', '//', '/a/b;c=d?e=f&g=/?', '/%20', '/a|b^c{d}'])(
    'may have the path %j',
    (path) => {
      expect(headOf(having(':path', path)).path).toBe(path)
    },
  )

  test.each(['', 'a', '?a', '#', '*', 'https://localhost/'])('may not have the path %j', (path) => {
    expectMalformedHead(having(':path', path))
  })

  test.each(['/a#b', '/a b', '/\x7f', '/\x01', '/\xe9', '/\xc3\xa9', '/\x80'])(
    'is answered with status 400 if the path is %j, which no URI can have',
    (path) => {
      const { response, handled, state } = http2Exchange(
        describing,
        {},
        request(1, having(':path', path)),
        request(3, having(':path', path), { body: ['abc'] }),
        request(5, GET),
      )
      expect(response(1)).toMatchObject({ status: 400, body: '', end: 'END_STREAM' })
      expect(response(3).status).toBe(400)
      expect(response(5).status).toBe(200)
      expect(handled).toHaveLength(1)
      expect(state).toBe('open')
    },
  )

  test('may have the path * for OPTIONS, of the server as a whole', () => {
    const options = [
      [':method', 'OPTIONS'],
      [':scheme', 'https'],
      [':path', '*'],
    ] as const
    expect(headOf(options)).toMatchObject({ method: 'OPTIONS', path: '*', authority: '' })
  })
})

describe('8.3.1 the authority', () => {
  test.each([
    'localhost',
    'localhost:8443',
    '[::1]:443',
    '127.0.0.1',
    'a.example',
    'xn--bcher-kva.example',
  ])('may be %s', (authority) => {
    expect(headOf(having(':authority', authority)).authority).toBe(authority)
  })

  test('has no user information', () => {
    expectMalformedHead(having(':authority', 'user@localhost'))
    expectMalformedHead(having(':authority', 'user:password@localhost'))
  })

  test.each([
    'local host',
    'localhost/path',
    'localhost?a',
    'localhost#a',
    'a\\b',
    'b\xfccher.example',
    '"',
  ])('may not be %j, whether in :authority or host', (authority) => {
    expectMalformedHead(having(':authority', authority))
    expectMalformedHead([...without(':authority'), ['host', authority]])
  })

  test('is that of host if there is no :authority', () => {
    expect(headOf([...without(':authority'), ['host', 'example.org']])).toMatchObject({
      authority: 'example.org',
      headers: [['host', 'example.org']],
    })
  })

  test('may be missing', () => {
    expect(headOf(without(':authority')).authority).toBe('')
  })

  /** A request for a scheme with both fields. */
  const both = (scheme: string, authority: string, host: string): FieldList => [
    [':method', 'GET'],
    [':scheme', scheme],
    [':authority', authority],
    [':path', '/'],
    ['host', host],
  ]

  test.each([
    ['https', 'localhost', 'LocalHost'],
    ['http', 'example.com:80', 'example.com'],
    ['http', 'example.com', 'example.com:80'],
    ['https', 'example.com:443', 'Example.Com'],
    ['HTTPS', 'example.com', 'example.com:443'],
    ['http', 'example.com:', 'example.com'],
    ['http', 'example.com:', 'example.com:80'],
    ['http', '[::1]:80', '[::1]'],
  ])('may be in both if they name the same: %s, %s and %s', (scheme, authority, host) => {
    expect(headOf(both(scheme, authority, host)).authority).toBe(authority)
  })

  test.each([
    ['https', 'localhost', 'example.org'],
    ['http', 'example.com:443', 'example.com'],
    ['https', 'example.com:80', 'example.com'],
    ['https', 'example.com:8443', 'example.com'],
    ['foo', 'example.com:80', 'example.com'],
    ['http', '[::80]', '[::]'],
  ])('may not be in both if they differ: %s, %s and %s', (scheme, authority, host) => {
    expectMalformedHead(both(scheme, authority, host))
  })

  test('is not in two fields host', () => {
    const twice: FieldList = [
      ['host', 'a.example'],
      ['host', 'b.example'],
    ]
    expectMalformedHead([...without(':authority'), ...twice])
  })
})

test('8.3.2 a response has :status as its first field and no other pseudo-header field', () => {
  const { response } = http2Exchange(describing, {}, request(1, GET))
  expect(response(1).status).toBe(200)
  expect(response(1).fields?.filter(([name]) => name.startsWith(':'))).toEqual([])
})

test('8.1.1 the header block of a malformed request still counts for the decoder', () => {
  // Both literals are added to the dynamic table. A request that only refers to them follows.
  const { response, state } = http2Exchange(
    describing,
    {},
    request(1, [...GET, ['A', '1']]),
    request(3, GET),
    request(5, [[':path', '/'], ...GET]),
    request(7, GET),
  )
  expect(state).toBe('open')
  expect([1, 3, 5, 7].map((id) => response(id).end)).toEqual([
    'PROTOCOL_ERROR',
    'END_STREAM',
    'PROTOCOL_ERROR',
    'END_STREAM',
  ])
})
