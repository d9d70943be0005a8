import type { OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { type Handler, prebuildResponse, type ServerResponse } from '../../src'
import { type FieldsInit, toFieldList } from '../../src/message/fields'
import { rstStreamFrame, settingsFrame, windowUpdateFrame } from '../support/frames'
import { Http2Client, turn } from '../support/http2-client'
import { GET, HEAD, POST, request } from '../support/http2-messages'

/** A client whose request has reached a handler. The test sends the response. */
function asked(
  fields = GET,
  ...opening: OctetVector[]
): { client: Http2Client; response: ServerResponse } {
  const responses: ServerResponse[] = []
  const client = new Http2Client((_, response) => void responses.push(response), {}, ...opening)
  client.send(request(1, fields))
  return { client, response: responses[0] as ServerResponse }
}

function hasLength(fields: FieldsInit): boolean {
  return toFieldList(fields).some(([name]) => name === 'content-length')
}

describe('send', () => {
  test('sends status, fields and body at once', async () => {
    const { client, response } = asked()
    response.send(201, { 'Content-Type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] }, 'Grüße')
    await turn()
    expect(client.response(1)).toEqual({
      informational: [],
      status: 201,
      fields: [
        ['content-type', 'text/plain'],
        ['set-cookie', 'a=1', true],
        ['set-cookie', 'b=2', true],
        ['content-length', '7'],
      ],
      body: 'Grüße',
      end: 'END_STREAM',
    })
  })

  test('answers each of many requests with what was given for it, whatever was given before', async () => {
    const heads: readonly (readonly [number, FieldsInit])[] = [
      [200, { a: '1', b: '2' }],
      [200, { a: '1' }],
      [200, {}],
      [200, { a: '2', b: '2' }],
      [404, { a: '1', b: '2' }],
      [200, { b: '2', a: '1' }],
      [
        200,
        [
          ['a', '1'],
          ['b', '2'],
        ],
      ],
      [
        200,
        [
          ['a', '1', true],
          ['b', '2'],
        ],
      ],
      [200, { a: ['1'], b: '2' }],
      [200, new Map([['a', '1']])],
      [200, { 'content-length': 0, a: '1' }],
    ]
    // Each of them three times, then every pair in order.
    const order = [
      ...heads.flatMap((head) => [head, head, head]),
      ...heads.flatMap((head) => heads.flatMap((other) => [head, head, other])),
    ]
    const client = new Http2Client((_, response) => {
      const [status, fields] = order[sent]!
      response.send(
        status,
        fields,
        'x'.repeat(sent % 7).slice(0, hasLength(fields) ? 0 : undefined),
      )
    })
    let sent = 0
    for (const [status, fields] of order) {
      const streamId = 2 * sent + 1
      client.send(request(streamId, GET))
      const length = hasLength(fields) ? 0 : sent % 7
      const { status: received, fields: names = [] } = client.response(streamId)
      expect({
        sent,
        received,
        list: names.map(([name, value]) => `${name}: ${value}`).sort(),
      }).toEqual({
        sent,
        received: status,
        list: [
          ...toFieldList(fields)
            .filter(([name]) => name !== 'content-length')
            .map(([name, value]) => `${name}: ${value}`),
          `content-length: ${length}`,
        ].sort(),
      })
      sent++
    }
  })

  test('keeps a content-length that is right', async () => {
    const { client, response } = asked()
    response.send(
      200,
      [
        ['content-length', 3],
        ['a', '1'],
      ],
      Buffer.from('abc'),
    )
    await turn()
    expect(client.response(1)).toMatchObject({
      fields: [
        ['content-length', '3'],
        ['a', '1'],
      ],
      body: 'abc',
    })
  })

  test.each([0, 1, 256, 257, 16_384, 16_385, 60_000])(
    'sends text of %i characters',
    async (length) => {
      const { client, response } = asked()
      const text = 'x'.repeat(length)
      response.send(200, {}, text)
      await turn()
      expect(client.response(1)).toMatchObject({ body: text, end: 'END_STREAM' })
    },
  )

  test('to HEAD may leave the body out and say its length', async () => {
    const { client, response } = asked(HEAD)
    response.send(200, { 'content-length': 1000 })
    await turn()
    expect(client.response(1)).toMatchObject({ fields: [['content-length', '1000']], body: '' })
  })
})

describe('sendPrebuilt', () => {
  const prebuilt = prebuildResponse({ status: 203, headers: { a: '1' }, body: 'x'.repeat(40_000) })

  test('sends what was encoded before', async () => {
    const { client, response } = asked()
    response.sendPrebuilt(prebuilt)
    expect(response.ended).toBe(true)
    await turn()
    expect(client.response(1)).toMatchObject({
      status: 203,
      fields: [
        ['a', '1'],
        ['content-length', '40000'],
      ],
      body: 'x'.repeat(40_000),
      end: 'END_STREAM',
    })
  })

  test('sends no body to HEAD', async () => {
    const { client, response } = asked(HEAD)
    response.sendPrebuilt(prebuilt)
    await turn()
    expect(client.response(1)).toMatchObject({
      fields: [
        ['a', '1'],
        ['content-length', '40000'],
      ],
      body: '',
      end: 'END_STREAM',
    })
  })

  test('tells the decoder of a changed table first, as any header block does', async () => {
    const { client, response } = asked(GET, settingsFrame({ HEADER_TABLE_SIZE: 0 }))
    response.sendPrebuilt(prebuilt)
    await turn()
    expect(client.response(1)).toMatchObject({ status: 203, end: 'END_STREAM' })
  })

  test('refuses what was not prebuilt, and nothing is sent of it', async () => {
    const { client, response } = asked()
    expect(() => response.sendPrebuilt({} as typeof prebuilt)).toThrow(
      expect.objectContaining({ name: 'MisuseError', code: 'INVALID_PREBUILT' }),
    )
    response.send(500)
    await turn()
    expect(client.response(1).status).toBe(500)
  })
})

describe('a response in steps', () => {
  test('has a head, parts of a body, and an end', async () => {
    const { client, response } = asked()
    expect([response.headSent, response.ended]).toEqual([false, false])
    response.writeHead(200, { a: '1' })
    expect([response.headSent, response.ended]).toEqual([true, false])
    expect(response.write('abc')).toBe(true)
    expect(response.write(Buffer.from('def'))).toBe(true)
    expect(response.write('')).toBe(true)
    await turn()
    expect(client.response(1)).toEqual({
      informational: [],
      status: 200,
      fields: [['a', '1']],
      body: 'abcdef',
    })
    response.end('ghi')
    expect([response.headSent, response.ended]).toEqual([true, true])
    await turn()
    expect(client.response(1)).toMatchObject({ body: 'abcdefghi', end: 'END_STREAM' })
  })

  test('may end without a last part', async () => {
    const { client, response } = asked()
    response.writeHead(200)
    response.end()
    await turn()
    expect(client.framesOf(1)).toMatchObject([
      { type: 'HEADERS', flags: ['END_HEADERS'] },
      { type: 'DATA', flags: ['END_STREAM'], length: 0 },
    ])
  })

  test('may have trailers, with a last part or without', async () => {
    for (const last of ['abc', undefined]) {
      const { client, response } = asked()
      response.writeHead(200)
      response.end(last, [
        ['a', '1'],
        ['B', 2],
      ])
      await turn()
      expect(client.response(1)).toMatchObject({
        body: last ?? '',
        trailers: [
          ['a', '1'],
          ['b', '2'],
        ],
        end: 'END_STREAM',
      })
    }
  })

  test('with no field among its trailers has none', async () => {
    const { client, response } = asked()
    response.writeHead(200)
    response.end('abc', {})
    await turn()
    expect(client.framesOf(1).at(-1)).toMatchObject({ type: 'DATA', flags: ['END_STREAM'] })
  })

  test('that has announced its length may be ended again with the right one', async () => {
    const { client, response } = asked()
    response.writeHead(200, { 'content-length': 6 })
    response.write('abc')
    expect(() => response.end('d')).toThrow(
      expect.objectContaining({ code: 'CONTENT_LENGTH_MISMATCH' }),
    )
    expect(() => response.write('defg')).toThrow(
      expect.objectContaining({ code: 'CONTENT_LENGTH_MISMATCH' }),
    )
    response.end('def')
    await turn()
    expect(client.response(1)).toMatchObject({ body: 'abcdef', end: 'END_STREAM' })
  })
})

describe('backpressure', () => {
  test('write says that the client does not keep up, and drained waits until it does', async () => {
    const { client, response } = asked()
    response.writeHead(200)
    expect(response.write(new Uint8Array(65_535))).toBe(true)
    await turn()
    expect(client.response(1).body).toHaveLength(65_535)

    // The client's windows are used up.
    expect(response.write(new Uint8Array(65_535))).toBe(true)
    expect(response.write(new Uint8Array(10_000))).toBe(false)
    let drained = false
    const waiting = Promise.all([response.drained(), response.drained()]).then(() => {
      drained = true
    })
    await turn()
    expect(drained).toBe(false)
    client.send(windowUpdateFrame(0, 20_000), windowUpdateFrame(1, 20_000))
    await turn()
    expect(drained).toBe(true)
    await waiting
    expect(client.response(1).body).toHaveLength(85_535)

    response.end('!')
    client.send(windowUpdateFrame(0, 60_000), windowUpdateFrame(1, 60_000))
    expect(client.response(1)).toMatchObject({ end: 'END_STREAM' })
    expect(client.response(1).body).toHaveLength(65_535 * 2 + 10_000 + 1)
  })

  test('drained resolves at once if nothing waits', async () => {
    const { response } = asked()
    await response.drained()
    response.writeHead(200)
    response.write('abc')
    await response.drained()
    response.end()
    await response.drained()
  })

  test.each([
    ['resets the stream', (client: Http2Client) => void client.send(rstStreamFrame(1))],
    ['is lost', (client: Http2Client) => client.connection.abandon()],
  ])('drained resolves when the client %s', async (_, leave) => {
    const { client, response } = asked(GET, settingsFrame({ INITIAL_WINDOW_SIZE: 0 }))
    response.writeHead(200)
    expect(response.write(new Uint8Array(70_000))).toBe(false)
    const drained = response.drained()
    leave(client)
    await drained
    expect(response.ended).toBe(true)
    expect(response.write('more')).toBe(true)
    response.end()
  })
})

describe('reset', () => {
  test('ends the stream with CANCEL, or with the code that is given', async () => {
    const first = asked()
    first.response.reset()
    await turn()
    expect(first.client.response(1)).toEqual({ informational: [], body: '', end: 'CANCEL' })

    const second = asked()
    second.response.writeHead(200)
    second.response.reset('ENHANCE_YOUR_CALM')
    await turn()
    expect(second.client.response(1)).toMatchObject({ status: 200, end: 'ENHANCE_YOUR_CALM' })
  })

  test('drops what still waits of a response that has ended', async () => {
    const { client, response } = asked(GET, settingsFrame({ INITIAL_WINDOW_SIZE: 0 }))
    response.send(200, {}, 'abc')
    response.reset()
    client.send(windowUpdateFrame(1, 100))
    expect(client.response(1)).toMatchObject({ status: 200, body: '', end: 'CANCEL' })
  })

  test('does nothing once all was sent', async () => {
    const { client, response } = asked()
    response.send(200)
    response.reset()
    response.reset()
    await turn()
    expect(client.response(1).end).toBe('END_STREAM')
  })
})

describe('after the client is gone', () => {
  const everything: readonly [string, (response: ServerResponse) => void][] = [
    ['send', (response) => response.send(200, {}, 'abc')],
    ['sendPrebuilt', (response) => response.sendPrebuilt(prebuildResponse({ body: 'abc' }))],
    ['writeHead', (response) => response.writeHead(200)],
    ['write', (response) => response.write('abc')],
    ['end', (response) => response.end('abc', { a: '1' })],
    ['informational', (response) => response.informational(103)],
    ['reset', (response) => response.reset()],
  ]

  test.each(everything)('%s does nothing', async (_, call) => {
    for (const leave of [
      (client: Http2Client) => void client.send(rstStreamFrame(1)),
      (client: Http2Client) => client.connection.abandon(),
    ]) {
      const { client, response } = asked()
      leave(client)
      expect([response.headSent, response.ended]).toEqual([true, true])
      call(response)
      call(response)
      await turn()
      expect(client.framesOf(1)).toEqual([])
      expect(client.connection.takeOutput()).toBeUndefined()
    }
  })

  test('a response that has begun ends there', async () => {
    const { client, response } = asked()
    response.writeHead(200)
    response.write('abc')
    await turn()
    client.send(rstStreamFrame(1))
    response.write('def')
    response.end('ghi')
    await turn()
    expect(client.response(1)).toMatchObject({ body: 'abc' })
    expect(client.response(1).end).toBeUndefined()
  })
})

describe('a response that is complete before its request', () => {
  const early: Handler = (_, response) => response.send(413, {}, 'too long')
  const open = request(1, POST, { open: true })

  test('lets the client send what is on its way', () => {
    const client = new Http2Client(early)
    client.send(open)
    client.send(request(1, [['a', '1']]))
    client.send(request(3, GET))
    expect(client.response(1)).toMatchObject({ status: 413, end: 'END_STREAM' })
    expect(client.response(3).status).toBe(413)
  })

  test('stops a client that goes on for half a window, with NO_ERROR', () => {
    const client = new Http2Client(early, { limits: { streamWindowSize: 20_000 } })
    client.send(request(1, POST, { body: ['x'.repeat(10_000)], open: true }))
    expect(client.response(1).end).toBe('END_STREAM')
    client.send(request(3, POST, { body: ['x'.repeat(10_000), 'x'], open: true }))
    expect(client.response(3)).toMatchObject({
      status: 413,
      body: 'too long',
      end: 'END_STREAM, NO_ERROR',
    })
  })

  test('stops a client at once whose window was used up before the answer', async () => {
    const responses: ServerResponse[] = []
    const limits = { streamWindowSize: 20_000 }
    const client = new Http2Client((_, response) => void responses.push(response), { limits })
    client.send(request(1, POST, { body: ['x'.repeat(16_000), 'x'.repeat(4000)], open: true }))
    responses[0]?.send(413)
    await turn()
    expect(client.response(1)).toMatchObject({ status: 413, end: 'END_STREAM, NO_ERROR' })
  })

  test('stops a client that sends nothing more, after the timeout of a stalled response', () => {
    const client = new Http2Client(early, { limits: { stalledResponseTimeout: 1000 } })
    client.send(open)
    expect(client.connection.deadline).toBeLessThanOrEqual(1000)
    client.connection.tick(1000)
    client.send()
    expect(client.response(1).end).toBe('END_STREAM, NO_ERROR')
  })
})

describe('output', () => {
  test('is announced once for all that handlers say in one turn', async () => {
    const responses: ServerResponse[] = []
    const client = new Http2Client((_, response) => void responses.push(response))
    client.send(request(1, GET), request(3, GET), request(5, POST, { open: true }))
    for (const response of responses) response.writeHead(200)
    for (const response of responses) response.end('abc')
    await turn()
    expect(client.announcements).toBe(1)
    expect([1, 3, 5].map((id) => client.response(id).end)).toEqual([
      'END_STREAM',
      'END_STREAM',
      'END_STREAM',
    ])
  })

  test('is not announced if the owner is about to take it', async () => {
    const client = new Http2Client((_, response) => response.send(200, {}, 'abc'))
    client.send(request(1, GET))
    await turn()
    expect(client.announcements).toBe(0)
    expect(client.response(1).end).toBe('END_STREAM')
  })

  test('of asynchronous handlers has any order, and the header blocks are decoded in it', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => 2 * index + 1)
    const waiting = new Map<string, () => void>()
    const handler: Handler = async ({ path }, response) => {
      await new Promise<void>((resolve) => waiting.set(path, resolve))
      response.informational(103, { link: path })
      await turn()
      // Each adds an entry to the encoder's dynamic table, and finds some of the others.
      response.send(200, { [`x-${path.length}`]: path, server: 'h2lab', 'x-same': 'same' }, path)
    }
    const client = new Http2Client(handler)
    const paths = new Map(ids.map((id) => [id, `/${'x'.repeat(id % 7)}/${id}`]))
    client.send(
      ...ids.map((id) => request(id, [...GET.slice(0, 3), [':path', paths.get(id) as string]])),
    )
    // 3 and 20 have no common divisor, so the order differs from that of the requests.
    for (let index = 0; index < ids.length; index++) {
      waiting.get(paths.get(ids[(index * 3) % ids.length] as number) as string)?.()
      if (index % 4 === 0) await turn()
    }
    for (let count = 0; count < 5; count++) await turn()
    for (const [id, path] of paths) {
      expect(client.response(id)).toMatchObject({
        informational: [{ status: 103, fields: [['link', path]] }],
        status: 200,
        fields: [
          [`x-${path.length}`, path],
          ['server', 'h2lab'],
          ['x-same', 'same'],
          ['content-length', String(path.length)],
        ],
        body: path,
        end: 'END_STREAM',
      })
    }
  })
})
