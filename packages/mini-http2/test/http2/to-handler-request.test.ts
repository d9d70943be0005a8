import type { OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import type { FieldList } from '../../src'
import { type FetchHandlerOptions, installFetchClasses, toHandler } from '../../src/fetch'
import { dataFrame, rstStreamFrame } from '../support/frames'
import { Http2Client, turn } from '../support/http2-client'
import { GET, POST, request } from '../support/http2-messages'

/** The WHATWG request that a fetch handler gets for some frames. */
function received(
  input: OctetVector,
  options: FetchHandlerOptions = {},
): { request: Request; client: Http2Client } {
  const requests: Request[] = []
  const unanswered = new Promise<Response>(() => {})
  const fetch = (one: Request) => {
    requests.push(one)
    return unanswered
  }
  const client = new Http2Client(toHandler(fetch, options))
  client.send(input)
  return { request: requests[0] as Request, client }
}

const asking = (fields: FieldList) => received(request(1, fields)).request

const having = (name: string, value: string): FieldList =>
  GET.map(([known, before]) => [known, known === name ? value : before])

const post = (body: string[], type = 'text/plain', options?: FetchHandlerOptions) =>
  received(request(1, [...POST, ['content-type', type]], { body }), options).request

/** All properties of a native request, except those that depend on the connection. */
const PROPERTIES = Object.entries(Object.getOwnPropertyDescriptors(Request.prototype))
  .filter(([, { get }]) => get !== undefined)
  .map(([name]) => name as keyof Request)
  .filter((name) => !['headers', 'signal', 'body'].includes(name))

describe('the request of a fetch handler', () => {
  test('is an instance of Request, whose headers are instances of Headers', () => {
    const one = asking(GET)
    expect(one).toBeInstanceOf(Request)
    expect(one.headers).toBeInstanceOf(Headers)
    expect(one.signal).toBeInstanceOf(AbortSignal)
    expect(Object.prototype.toString.call(one)).toBe('[object Request]')
  })

  test.each(PROPERTIES)('has the %s that a native one has', (name) => {
    const native = new Request('https://localhost/')
    expect(asking(GET)[name]).toEqual(native[name])
  })

  test('has no property less than a native one', () => {
    const one = asking(GET)
    for (const name of Object.getOwnPropertyNames(Request.prototype)) expect(name in one).toBe(true)
  })

  test('is as a whole what the client asked for', async () => {
    const one = post(['{"a":1}'], 'application/json')
    const copy = one.clone()
    expect({ method: copy.method, url: copy.url, headers: [...copy.headers] }).toEqual({
      method: 'POST',
      url: 'https://localhost/',
      headers: [['content-type', 'application/json']],
    })
    expect(await copy.json()).toEqual({ a: 1 })
    expect(await one.json()).toEqual({ a: 1 })
  })
})

describe('its URL is what the parser of URLs makes of scheme, authority and path', () => {
  const paths = [
    '/',
    '//',
    '/a/b?c=d&e',
    '/a/./b',
    '/a/../b',
    '/..',
    '/%2e%2E/a',
    '/.well-known/a',
    '/a.b/c',
    '/...',
    '/a|b^c',
    '/"<>`{}',
    "/a'b?c'd",
    '/%zz',
    '/a\\b',
    '/a?b?c/../d',
    '/[a]',
    '/~a!$&()*+,;=:@',
  ]

  test.each(paths)('%j', (path) => {
    expect(asking(having(':path', path)).url).toBe(new URL(`https://localhost${path}`).href)
  })

  test.each(['LOCALHOST', 'localhost:443', 'localhost:8443', '127.1', '[::1]:443', 'example.org.'])(
    '%j',
    (authority) => {
      for (let count = 0; count < 2; count++) {
        expect(asking(having(':authority', authority)).url).toBe(
          new URL(`https://${authority}/`).href,
        )
      }
    },
  )

  test('with the path /* for the server as a whole', () => {
    const fields: FieldList = [
      [':method', 'OPTIONS'],
      [':scheme', 'http'],
      [':authority', 'localhost'],
      [':path', '*'],
    ]
    expect(asking(fields).url).toBe('http://localhost/*')
  })
})

describe('what can be no request of the Fetch standard', () => {
  const answered = (fields: FieldList, options = {}) => {
    const client = new Http2Client(
      toHandler(() => new Response('no')),
      options,
    )
    return client.send(request(1, fields)).response(1)
  }

  test.each([
    ['an empty authority', having(':authority', '')],
    ['an authority that no URL can have', having(':authority', 'localhost:99999')],
    ['an authority longer than a name can be', having(':authority', 'a.'.repeat(130))],
    ['another scheme', having(':scheme', 'ftp')],
  ])('%s, is answered with 400', (_, fields) => {
    expect(answered(fields)).toMatchObject({ status: 400, end: 'END_STREAM' })
  })

  test.each(['TRACE', 'TRACK'])('the method %s, is answered with 501', (method) => {
    expect(answered(having(':method', method)).status).toBe(501)
  })

  test('CONNECT, is answered with 501, extended or not', () => {
    const connect: FieldList = [
      [':method', 'CONNECT'],
      [':authority', 'localhost:443'],
    ]
    expect(answered(connect).status).toBe(501)
    const extended: FieldList = [
      [':method', 'CONNECT'],
      [':protocol', 'websocket'],
      ...GET.slice(1),
    ]
    expect(answered(extended, { extendedConnect: true }).status).toBe(501)
  })
})

describe('its headers', () => {
  const fields: FieldList = [
    ...GET,
    ['b', '1'],
    ['a', '2'],
    ['b', '3'],
    ['cookie', 'c=4'],
    ['cookie', 'd=5'],
  ]

  test('are found in any case, joined', () => {
    const { headers } = asking(fields)
    expect(headers.get('A')).toBe('2')
    expect(headers.get('b')).toBe('1, 3')
    expect(headers.get('Cookie')).toBe('c=4; d=5')
    expect(headers.get('e')).toBeNull()
    expect([headers.has('B'), headers.has('e')]).toEqual([true, false])
  })

  test('are iterated in every way of Headers', () => {
    const { headers } = asking(fields)
    const all = [
      ['a', '2'],
      ['b', '1, 3'],
      ['cookie', 'c=4; d=5'],
    ]
    expect([...headers]).toEqual(all)
    expect([...headers.entries()]).toEqual(all)
    expect([...headers.keys()]).toEqual(['a', 'b', 'cookie'])
    expect([...headers.values()]).toEqual(['2', '1, 3', 'c=4; d=5'])
    const seen: string[][] = []
    headers.forEach((value, name) => void seen.push([name, value]))
    expect(seen).toEqual(all)
    expect(headers.getSetCookie()).toEqual([])
  })

  test('may be changed by an application', () => {
    const { headers } = asking(fields)
    headers.set('a', '6')
    headers.append('e', '7')
    headers.delete('b')
    expect([headers.get('a'), headers.get('e'), headers.has('b')]).toEqual(['6', '7', false])
  })

  test('may be copied', () => {
    expect(new Headers(asking(fields).headers).get('b')).toBe('1, 3')
    expect(
      new Request('https://localhost/', { headers: asking(fields).headers }).headers.get('a'),
    ).toBe('2')
  })
})

describe('its body', () => {
  test('is read whole in every way of Request', async () => {
    expect(await post(['abc', 'def']).text()).toBe('abcdef')
    expect(await post(['[1,', '2]']).json()).toEqual([1, 2])
    expect(Buffer.from(await post(['abc', 'def']).arrayBuffer()).toString()).toBe('abcdef')
    const blob = await post(['abc'], 'image/png').blob()
    expect([blob.type, await blob.text()]).toEqual(['image/png', 'abc'])
    const urlEncoded = await post(['a=1&b=2'], 'application/x-www-form-urlencoded').formData()
    expect([...urlEncoded]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
    const parts = [
      '--x\r\ncontent-disposition: form-data; name="a"; filename="b"\r\n\r\n',
      'c\r\n--x--\r\n',
    ]
    const file = (await post(parts, 'multipart/form-data; boundary=x').formData()).get('a')
    expect(file).toMatchObject({ name: 'b', size: 1 })
  })

  test('has a buffer of its own, that shows nothing else', async () => {
    expect((await post(['abc']).arrayBuffer()).byteLength).toBe(3)
  })

  test('is null for GET and HEAD, and reads as empty', async () => {
    const one = asking(GET)
    expect(one.body).toBeNull()
    expect(await one.text()).toBe('')
    expect(one.bodyUsed).toBe(false)
  })

  test('is read once', async () => {
    const one = post(['abc'])
    expect(one.bodyUsed).toBe(false)
    const text = one.text()
    expect(one.bodyUsed).toBe(true)
    await expect(one.text()).rejects.toThrow(TypeError)
    await expect(one.blob()).rejects.toThrow(TypeError)
    expect(() => one.clone()).toThrow(TypeError)
    expect(await text).toBe('abc')
  })

  test('is a stream, which is part of the one body', async () => {
    const one = post(['abc', 'def'])
    const parts: string[] = []
    const decoder = new TextDecoder()
    for await (const part of one.body as unknown as AsyncIterable<Uint8Array>)
      parts.push(decoder.decode(part))
    expect(parts.join('')).toBe('abcdef')
    expect(one.bodyUsed).toBe(true)
    await expect(one.text()).rejects.toThrow(TypeError)

    const untouched = post(['abc'])
    expect(untouched.body).toBe(untouched.body)
    expect(untouched.bodyUsed).toBe(false)
    expect(await untouched.text()).toBe('abc')
  })

  test('that is no JSON rejects with a SyntaxError', async () => {
    await expect(post(['{']).json()).rejects.toThrow(SyntaxError)
  })

  test.each(['text', 'json', 'arrayBuffer', 'blob', 'formData'] as const)(
    'longer than bodyLimit rejects %s()',
    async (read) => {
      const long = post(['[1,2]'], 'application/x-www-form-urlencoded', { bodyLimit: 4 })
      await expect(long[read]()).rejects.toThrow(
        expect.objectContaining({ code: 'BODY_TOO_LARGE' }),
      )
    },
  )

  test('as a stream has no limit', async () => {
    const long = post(['12345'], 'text/plain', { bodyLimit: 4 })
    expect(await new Response(long.body).text()).toBe('12345')
  })

  test('is read no faster than the stream is: the window stays closed until then', async () => {
    const { request: one, client } = received(request(1, POST, { open: true }))
    for (let count = 0; count < 8; count++) client.send(dataFrame(1, 'x'.repeat(16_384)))
    const reader = (one.body as ReadableStream<Uint8Array>).getReader()
    await turn()
    const updates = () => client.framesOf(1).filter(({ type }) => type === 'WINDOW_UPDATE')
    expect(updates()).toEqual([])
    for (let count = 0; count < 8; count++) await reader.read()
    await turn()
    expect(updates()).toMatchObject([{ increment: 131_072 }])
  })

  test('that is cancelled is dropped', async () => {
    const { request: one, client } = received(request(1, POST, { body: ['abc'], open: true }))
    const reader = (one.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await reader.cancel()
    client.send(dataFrame(1, 'def', { endStream: true }))
    expect(client.connection.state).toBe('open')
  })

  test('that its client gives up rejects, and the signal is aborted', async () => {
    const { request: one, client } = received(request(1, POST, { body: ['abc'], open: true }))
    const text = one.text()
    expect(one.signal.aborted).toBe(false)
    client.send(rstStreamFrame(1))
    await expect(text).rejects.toThrow(expect.objectContaining({ code: 'CLIENT_GONE' }))
    expect(one.signal.aborted).toBe(true)
  })

  test('as a stream fails as well when its client gives it up', async () => {
    const { request: one, client } = received(request(1, POST, { body: ['abc'], open: true }))
    const reader = (one.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    const next = reader.read()
    client.send(rstStreamFrame(1))
    await expect(next).rejects.toThrow(expect.objectContaining({ code: 'CLIENT_GONE' }))
  })
})

describe('new Request(request)', () => {
  test('copies it once the fetch classes are installed', async () => {
    const restore = installFetchClasses()
    try {
      const copy = new Request(post(['abc']), { headers: { a: '1' } })
      expect([copy.method, copy.url, copy.headers.get('a')]).toEqual([
        'POST',
        'https://localhost/',
        '1',
      ])
      expect(await copy.text()).toBe('abc')
    } finally {
      restore()
    }
  })

  test('is refused without, and its URL and init can be copied', () => {
    expect(() => new Request(asking(GET))).toThrow(TypeError)
    const one = asking([...GET, ['a', '1']])
    expect(new Request(one.url, one).headers.get('a')).toBe('1')
  })
})
