import { gunzipSync } from 'node:zlib'
import { concatenate } from '@h2lab/octets'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { compress } from 'hono/compress'
import { deleteCookie, setCookie } from 'hono/cookie'
import { cors } from 'hono/cors'
import { etag } from 'hono/etag'
import { HTTPException } from 'hono/http-exception'
import { streamText } from 'hono/streaming'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { FieldList } from '../../src'
import { installFetchClasses, toHandler } from '../../src/fetch'
import { eventually } from '../support/eventually'
import { dataFrame, rstStreamFrame } from '../support/frames'
import { Http2Client } from '../support/http2-client'
import { GET, HEAD, POST, type ReceivedResponse, request } from '../support/http2-messages'

const app = new Hono()
const aborted = vi.fn()
const failures = vi.fn()

app.get('/', (c) => c.text('Hello Hono'))
app.get('/users/:id', (c) =>
  c.json({ id: c.req.param('id'), q: c.req.query('q'), agent: c.req.header('User-Agent') }),
)
app.get('/html', (c) => c.html('<p>é</p>'))
app.get('/status', (c) => c.body(null, 204))
app.get('/redirect', (c) => c.redirect('/', 308))
app.get('/cookies', (c) => {
  setCookie(c, 'a', '1', { httpOnly: true })
  deleteCookie(c, 'b')
  return c.text('ok')
})
app.get('/later', async (c) => {
  await new Promise((resolve) => setTimeout(resolve, 5))
  return c.text('later')
})
app.get('/stream', (c) =>
  streamText(c, async (stream) => {
    for (const word of ['one', 'two', 'three']) await stream.writeln(word)
  }),
)
app.get('/endless', (c) =>
  streamText(c, async (stream) => {
    stream.onAbort(aborted)
    while (!stream.aborted) {
      await stream.write('x')
      await stream.sleep(1)
    }
  }),
)
app.get('/throws', () => {
  throw new Error('a mistake')
})
app.get('/forbidden', () => {
  throw new HTTPException(403, { message: 'no' })
})
app.post('/json', async (c) => c.json(await c.req.json()))
app.post('/form', async (c) => {
  const body = await c.req.parseBody()
  const file = body['file'] as File
  return c.json({ text: body['text'], file: [file.name, await file.text()] })
})
app.post('/piped', (c) => c.body(c.req.raw.body as ReadableStream))
app.use('/cors', cors({ origin: 'https://example.org' }))
app.get('/cors', (c) => c.text('shared'))
app.use('/etag', etag())
app.get('/etag', (c) => c.text('tagged'))
app.use('/compressed', compress())
app.get('/compressed', (c) => c.text('compressed '.repeat(1000)))
app.post('/limited', bodyLimit({ maxSize: 5 }), async (c) => c.text(await c.req.text()))
app.onError((error, c: Context) => {
  if (error instanceof HTTPException) return error.getResponse()
  failures(error.message)
  return c.text('failed', 500)
})

const to = (path: string, method: FieldList = GET, ...more: FieldList): FieldList => [
  ...method.slice(0, 3),
  [':path', path],
  ...more,
]

/** The response of the app as received by a client. */
async function answered(
  fields: FieldList,
  ...body: string[]
): Promise<ReceivedResponse & { client: Http2Client; headers: Record<string, string> }> {
  const client = new Http2Client(toHandler(app.fetch))
  client.send(request(1, fields, { body }))
  await eventually(() => expect(client.response(1).end).toBe('END_STREAM'))
  expect(client.connection.state).toBe('open')
  const response = client.response(1)
  return { ...response, client, headers: Object.fromEntries(response.fields ?? []) }
}

describe.each(['native', 'fetch'] as const)('a Hono app with %s classes', (classes) => {
  let restore = () => {}
  beforeAll(() => {
    if (classes === 'fetch') restore = installFetchClasses()
  })
  afterAll(() => restore())

  test('answers with text, JSON and HTML', async () => {
    expect(await answered(to('/'))).toMatchObject({ status: 200, body: 'Hello Hono' })
    const json = await answered(to('/users/7?q=a%20b', GET, ['user-agent', 'test']))
    expect(json.headers['content-type']).toContain('application/json')
    expect(JSON.parse(json.body)).toEqual({ id: '7', q: 'a b', agent: 'test' })
    const html = await answered(to('/html'))
    expect([html.headers['content-type'], html.body]).toEqual([
      'text/html; charset=UTF-8',
      '<p>é</p>',
    ])
  })

  test('answers with a status alone, with a redirect, with 404 and later', async () => {
    expect(await answered(to('/status'))).toMatchObject({ status: 204, body: '' })
    const redirect = await answered(to('/redirect'))
    expect([redirect.status, redirect.headers['location']]).toEqual([308, '/'])
    expect(await answered(to('/nothing'))).toMatchObject({ status: 404, body: '404 Not Found' })
    expect(await answered(to('/later'))).toMatchObject({ status: 200, body: 'later' })
  })

  test('answers HEAD as GET, without the body', async () => {
    const head = await answered(to('/html', HEAD))
    expect([head.status, head.headers['content-type'], head.body]).toEqual([
      200,
      'text/html; charset=UTF-8',
      '',
    ])
  })

  test('sends each cookie in a field of its own', async () => {
    const { fields } = await answered(to('/cookies'))
    expect(fields?.filter(([name]) => name === 'set-cookie').map(([, value]) => value)).toEqual([
      'a=1; Path=/; HttpOnly',
      'b=; Max-Age=0; Path=/',
    ])
  })

  test('handles its own errors', async () => {
    failures.mockClear()
    expect(await answered(to('/throws'))).toMatchObject({ status: 500, body: 'failed' })
    expect(failures.mock.calls).toEqual([['a mistake']])
    expect(await answered(to('/forbidden'))).toMatchObject({ status: 403, body: 'no' })
  })

  test('reads JSON and forms', async () => {
    const json = await answered(
      to('/json', POST, ['content-type', 'application/json']),
      '{"a":',
      '1}',
    )
    expect(json.body).toBe('{"a":1}')
    const form = await answered(
      to('/form', POST, ['content-type', 'multipart/form-data; boundary=x']),
      '--x\r\ncontent-disposition: form-data; name="text"\r\n\r\nabc\r\n',
      '--x\r\ncontent-disposition: form-data; name="file"; filename="f"\r\n\r\ndef\r\n--x--\r\n',
    )
    expect(JSON.parse(form.body)).toEqual({ text: 'abc', file: ['f', 'def'] })
  })

  test('streams a response', async () => {
    expect(await answered(to('/stream'))).toMatchObject({ status: 200, body: 'one\ntwo\nthree\n' })
  })

  test('streams a request back as it comes', async () => {
    const client = new Http2Client(toHandler(app.fetch))
    client.send(request(1, to('/piped', POST), { body: ['abc'], open: true }))
    await eventually(() => expect(client.response(1).body).toBe('abc'))
    client.send(dataFrame(1, 'def', { endStream: true }))
    await eventually(() =>
      expect(client.response(1)).toMatchObject({ body: 'abcdef', end: 'END_STREAM' }),
    )
  })

  test('learns that its client is gone', async () => {
    aborted.mockClear()
    const client = new Http2Client(toHandler(app.fetch))
    client.send(request(1, to('/endless')))
    await eventually(() => expect(client.response(1).body).toContain('x'))
    client.send(rstStreamFrame(1))
    await eventually(() => expect(aborted).toHaveBeenCalledOnce())
  })

  test('has its middleware: cors, etag, compress', async () => {
    const shared = await answered(to('/cors', GET, ['origin', 'https://example.org']))
    expect([shared.body, shared.headers['access-control-allow-origin']]).toEqual([
      'shared',
      'https://example.org',
    ])

    const tagged = await answered(to('/etag'))
    const tag = tagged.headers['etag'] as string
    expect(tagged.body).toBe('tagged')
    expect(await answered(to('/etag', GET, ['if-none-match', tag]))).toMatchObject({
      status: 304,
      body: '',
    })

    const compressed = await answered(to('/compressed', GET, ['accept-encoding', 'gzip']))
    expect(compressed.headers['content-encoding']).toBe('gzip')
    const octets = compressed.client
      .framesOf(1)
      .flatMap((frame) => (frame.type === 'DATA' ? [frame.data] : []))
    expect(gunzipSync(concatenate(...octets)).toString()).toBe('compressed '.repeat(1000))
  })

  test('limits a body by its middleware', async () => {
    const announced = await answered(to('/limited', POST, ['content-length', '6']), 'abcdef')
    expect(announced.status).toBe(413)
    expect((await answered(to('/limited', POST), 'abc', 'def')).status).toBe(413)
  })
})

test('middleware that makes new requests of requests needs the fetch classes', async () => {
  expect(await answered(to('/limited', POST), 'abcde')).toMatchObject({ status: 500 })
  const restore = installFetchClasses()
  expect(await answered(to('/limited', POST), 'abcde')).toMatchObject({
    status: 200,
    body: 'abcde',
  })
  restore()
})
