import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldList } from '../../src'
import { toHandler } from '../../src/fetch'
import { originOf, urlOf } from '../../src/fetch/request-url'
import { Http2Client } from '../support/http2-client'
import { request } from '../support/http2-messages'

/** The URL that a fetch handler gets for a request; undefined if it isn't called. */
function urlGiven(method: string, authority: string, path: string): string | undefined {
  let url: string | undefined
  const app = toHandler((one) => {
    url = one.url
    return new Response()
  })
  const fields: FieldList = [
    [':method', method],
    [':scheme', 'http'],
    [':authority', authority],
    [':path', path],
  ]
  new Http2Client(app, { onHandlerError: () => {} }).send(request(1, fields))
  return url
}

describe('the URL of a fetch request', () => {
  test.each([
    ['/', 'http://localhost/'],
    ['/search?q=octets', 'http://localhost/search?q=octets'],
    ['//evil.example/x', 'http://localhost//evil.example/x'],
    ['///evil.example/x', 'http://localhost///evil.example/x'],
    ['/\\evil.example/x', 'http://localhost//evil.example/x'],
    ['/@evil.example/', 'http://localhost/@evil.example/'],
    ['/:80@evil.example/', 'http://localhost/:80@evil.example/'],
    ['/http://evil.example/', 'http://localhost/http://evil.example/'],
    ['/..//evil.example/', 'http://localhost//evil.example/'],
    ['/.//evil.example/', 'http://localhost//evil.example/'],
    ['/%2e%2e//evil.example/', 'http://localhost//evil.example/'],
  ])('of the path %s is %s', (path, url) => {
    expect(urlGiven('GET', 'localhost', path)).toBe(url)
  })

  test('of OPTIONS * has the path /*, since no URL can express the whole server', () => {
    expect(urlGiven('OPTIONS', 'localhost', '*')).toBe('http://localhost/*')
  })

  /** Text that is likely to confuse URL parsers. */
  const piece = fc.constantFrom(
    ...['/', '\\', '@', ':', '?', '#', '.', '..', '%2f', '%00', '\t', '\n', ' ', '*', '[', ']'],
    ...['evil.example', 'http:', 'https://', 'user:pass@', ':8080', '\xff', '%40', ';', '&'],
  )
  const path = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((pieces) => pieces.join('')),
  )
  const scheme = fc.constantFrom('http', 'https')
  const authority = fc.constantFrom('localhost', 'example.com:8080', '127.0.0.1', '[::1]:8443')

  test('has the host of the authority, whatever the path is', () => {
    fc.assert(
      fc.property(scheme, authority, path, (scheme, authority, path) => {
        const { protocol, host, username, password } = new URL(
          urlOf(originOf(scheme, authority)!, path),
        )
        expect({ protocol, host, username, password }).toEqual({
          protocol: `${scheme}:`,
          host: authority,
          username: '',
          password: '',
        })
      }),
      { numRuns: 2000 },
    )
  })

  test('has the host of the authority for all requests that reach the application', () => {
    fc.assert(
      fc.property(authority, path, (authority, rest) => {
        // On the wire, a path consists of octets.
        const octets = Buffer.from(rest).toString('latin1')
        const url = urlGiven('GET', authority, `/${octets}`)
        if (url !== undefined) expect(new URL(url).host).toBe(authority)
      }),
    )
  })

  test('is what the URL standard makes of it, so that nobody who parses it again sees another', () => {
    fc.assert(
      fc.property(authority, path, (authority, path) => {
        const url = urlOf(originOf('http', authority)!, path)
        expect(new URL(url).href).toBe(url)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    'user@localhost',
    'evil.example/x',
    'evil.example?',
    'evil.example#',
    'evil.example\\x',
    '/evil.example',
    '//evil.example',
    'evil.example\t',
    ' evil.example',
    '',
  ])('does not exist for the authority %j', (authority) => {
    expect(originOf('http', authority)).toBeUndefined()
  })

  test('does not depend on what was asked for before', () => {
    expect(originOf('https', 'EXAMPLE.com:443')).toBe('https://example.com')
    expect(originOf('https', 'EXAMPLE.com:443')).toBe('https://example.com')
  })
})
