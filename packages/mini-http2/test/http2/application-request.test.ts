import { type OctetVector, octetize } from '@h2lab/octets'
import { describe, expect, test, vi } from 'vitest'
import { type Handler, RequestBodyError, type ServerRequest } from '../../src'
import { dataFrame, goawayFrame, rstStreamFrame } from '../support/frames'
import { Http2Client, turn } from '../support/http2-client'
import { GET, POST, request } from '../support/http2-messages'

/** Passes input to a connection, and returns the request that its handler gets. */
function received(...input: OctetVector[]): {
  request: ServerRequest
  client: Http2Client
} {
  const requests: ServerRequest[] = []
  const client = new Http2Client((request) => void requests.push(request))
  client.send(...input)
  return { request: requests[0] as ServerRequest, client }
}

const post = (...body: string[]) => received(request(1, POST, { body }))

/** An incomplete request. */
const posting = (...body: string[]) => received(request(1, POST, { body, open: true }))

const withCode = (code: string) => expect.objectContaining({ name: 'RequestBodyError', code })

describe('the head', () => {
  test('has what the pseudo-header fields say', () => {
    const { request: head } = received(request(1, [...GET.slice(0, 3), [':path', '/a?b=c']]))
    expect(head).toMatchObject({
      method: 'GET',
      scheme: 'https',
      authority: 'localhost',
      path: '/a?b=c',
    })
    expect(head.protocol).toBeUndefined()
  })
})

describe('headers', () => {
  const { headers } = received(
    request(1, [...GET, ['b', '1'], ['a', '2'], ['b', '3'], ['accept', '*/*']]),
  ).request

  test('are looked up in any case', () => {
    expect(headers.get('Accept')).toBe('*/*')
    expect(headers.has('ACCEPT')).toBe(true)
    expect(headers.getAll('A')).toEqual(['2'])
  })

  test('with the same name are joined, or are a list', () => {
    expect(headers.get('b')).toBe('1, 3')
    expect(headers.getAll('b')).toEqual(['1', '3'])
  })

  test('that are not there are undefined, or an empty list', () => {
    expect(headers.get('c')).toBeUndefined()
    expect(headers.has('c')).toBe(false)
    expect(headers.getAll('c')).toEqual([])
  })

  test('are iterated, and raw, in the order of the request', () => {
    const all = [
      ['b', '1'],
      ['a', '2'],
      ['b', '3'],
      ['accept', '*/*'],
    ]
    expect([...headers]).toEqual(all)
    expect(headers.raw).toEqual(all)
  })
})

describe('a body', () => {
  test('is iterated part by part, as it arrives', async () => {
    const { request: uploaded, client } = posting('abc')
    const parts = uploaded.body[Symbol.asyncIterator]()
    expect(await parts.next()).toEqual({ done: false, value: octetize('abc') })
    const next = parts.next()
    client.send(dataFrame(1, 'def'))
    expect(await next).toEqual({ done: false, value: octetize('def') })
    client.send(dataFrame(1, '', { endStream: true }))
    expect(await parts.next()).toEqual({ done: true, value: undefined })
  })

  test('is read whole as octets, as text or as JSON', async () => {
    expect(await post('abc', 'def').request.body.octets()).toEqual(octetize('abcdef'))
    expect(await post('abc', 'def').request.body.bytes()).toEqual(octetize('abcdef'))
    expect(await post('\xe2\x82', '\xac').request.body.text()).toBe('€')
    expect(await post('{"a":', '1}').request.body.json()).toEqual({ a: 1 })
  })

  test('that is not there is empty', async () => {
    expect(await received(request(1, GET)).request.body.octets()).toHaveLength(0)
    expect(await post('').request.body.text()).toBe('')
  })

  test('that is no UTF-8 becomes text with U+FFFD', async () => {
    expect(await post('a\xff').request.body.text()).toBe('a\ufffd')
  })

  test('that is no JSON rejects, and the cause says where it is wrong', async () => {
    for (const { body } of [post('{').request, received(request(1, GET)).request]) {
      const error: unknown = await body.json().catch((error: unknown) => error)
      expect(error).toMatchObject({ name: 'RequestBodyError', code: 'INVALID_JSON' })
      expect((error as Error).cause).toBeInstanceOf(SyntaxError)
    }
  })

  test.each(['octets', 'text', 'json'] as const)(
    'longer than the limit of %s() rejects',
    async (read) => {
      expect(await post('123').request.body[read]({ limit: 3 })).toBeDefined()
      await expect(post('123', '4').request.body[read]({ limit: 3 })).rejects.toThrow(
        withCode('BODY_TOO_LARGE'),
      )
    },
  )

  test('longer than a mebibyte rejects by default, and what still comes is dropped', async () => {
    const { request: uploaded, client } = posting()
    const rejected = expect(uploaded.body.text()).rejects.toThrow(withCode('BODY_TOO_LARGE'))
    // 1 MiB and a frame. Reading reopens the windows.
    for (let count = 0; count < 65; count++) {
      client.send(dataFrame(1, 'x'.repeat(16_384)))
      await turn()
    }
    await rejected
    client.send(dataFrame(1, 'more'))
    expect(client.connection.state).toBe('open')
  })

  test('is read once', async () => {
    const { body } = post('abc').request
    await body.text()
    await expect(body.text()).rejects.toThrow(withCode('BODY_USED'))
    await expect(body[Symbol.asyncIterator]().next()).rejects.toThrow(withCode('BODY_USED'))
  })

  test('is not read by two at once', async () => {
    const { body } = post('abc').request
    const first = body.text()
    await expect(body.octets()).rejects.toThrow(RequestBodyError)
    expect(await first).toBe('abc')
  })

  test('may be given up early', async () => {
    const { request: uploaded, client } = posting('abc')
    for await (const part of uploaded.body) {
      expect(part).toEqual(octetize('abc'))
      break
    }
    client.send(dataFrame(1, 'def', { endStream: true }))
    expect(client.connection.state).toBe('open')
    await expect(uploaded.body.text()).rejects.toThrow(withCode('BODY_USED'))
  })

  test('keeps its octets, though the input is a buffer that is used again', async () => {
    const { request: uploaded, client } = posting()
    const input = dataFrame(1, 'abc', { endStream: true })
    client.connection.receive(input)
    input.fill(0xff)
    expect(await uploaded.body.text()).toBe('abc')
  })

  test('that its client gives up rejects, also the reading that waits', async () => {
    const { request: uploaded, client } = posting('abc')
    const text = uploaded.body.text()
    await turn()
    client.send(rstStreamFrame(1))
    await expect(text).rejects.toThrow(withCode('CLIENT_GONE'))
  })

  test('that its client has given up rejects when it is read afterwards', async () => {
    const { request: uploaded, client } = posting()
    client.send(rstStreamFrame(1))
    await expect(uploaded.body.text()).rejects.toThrow(withCode('CLIENT_GONE'))
  })

  test('that was complete before can be read after the client is gone', async () => {
    const { request: uploaded, client } = post('abc')
    client.send(rstStreamFrame(1))
    client.connection.abandon()
    expect(await uploaded.body.text()).toBe('abc')
  })

  test('can be read after the response, if it was complete', async () => {
    let text: Promise<string> | undefined
    const client = new Http2Client((request, response) => {
      response.send(200)
      text = request.body.text()
    })
    client.send(request(1, POST, { open: true }), dataFrame(1, 'abc', { endStream: true }))
    await expect(text).rejects.toThrow(withCode('CLIENT_GONE'))

    const { request: uploaded } = post('abc')
    expect(await uploaded.body.text()).toBe('abc')
  })
})

describe("a client's window", () => {
  const init = { limits: { streamWindowSize: 20_000 } }
  const updatesOf = (client: Http2Client) =>
    client.framesOf(1).filter(({ type }) => type === 'WINDOW_UPDATE')

  test('opens as the body is read, not as it arrives', async () => {
    const requests: ServerRequest[] = []
    const client = new Http2Client((one) => void requests.push(one), init)
    client.send(request(1, POST, { body: ['x'.repeat(10_000), 'y'.repeat(10_000)], open: true }))
    expect(updatesOf(client)).toEqual([])
    const parts = (requests[0] as ServerRequest).body[Symbol.asyncIterator]()
    await parts.next()
    await turn()
    expect(updatesOf(client)).toMatchObject([{ increment: 10_000 }])
    await parts.next()
    await turn()
    expect(updatesOf(client)).toMatchObject([{ increment: 10_000 }, { increment: 10_000 }])
  })

  test('stays as it is when the body has ended', async () => {
    const requests: ServerRequest[] = []
    const client = new Http2Client((one) => void requests.push(one), init)
    client.send(request(1, POST, { body: ['x'.repeat(15_000)] }))
    await requests[0]?.body.text()
    await turn()
    expect(updatesOf(client)).toEqual([])
  })
})

describe('trailers', () => {
  test('are known when the body was read to its end', async () => {
    const { request: uploaded, client } = posting('abc')
    expect(uploaded.trailers).toBeUndefined()
    const text = uploaded.body.text()
    client.send(
      request(1, [
        ['x-checksum', 'def'],
        ['a', '1'],
      ]),
    )
    expect(await text).toBe('abc')
    expect(uploaded.trailers?.get('X-Checksum')).toBe('def')
    expect(uploaded.trailers?.raw).toEqual([
      ['x-checksum', 'def'],
      ['a', '1'],
    ])
  })

  test('are undefined if there are none', async () => {
    const { request: uploaded } = post('abc')
    await uploaded.body.text()
    expect(uploaded.trailers).toBeUndefined()
  })
})

describe('the signal', () => {
  const aborting: readonly [string, (client: Http2Client) => void][] = [
    ['RST_STREAM', (client) => void client.send(rstStreamFrame(1))],
    ['the loss of the connection', (client) => client.connection.abandon()],
    ['a fault that ends the connection', (client) => void client.send(dataFrame(0, 'x'))],
    ['a malformed rest of the request', (client) => void client.send(request(1, [['A', '1']]))],
    ['the end of the input in the middle of the request', (client) => client.connection.endInput()],
  ]

  test.each(aborting)('is aborted by %s, once', (_, abort) => {
    const { request: uploaded, client } = posting('abc')
    const onAbort = vi.fn()
    uploaded.signal.addEventListener('abort', onAbort)
    expect(uploaded.signal.aborted).toBe(false)
    abort(client)
    client.connection.abandon()
    expect(uploaded.signal.aborted).toBe(true)
    expect(onAbort).toHaveBeenCalledOnce()
  })

  test('is aborted already if it is asked for late', () => {
    const { request: uploaded, client } = posting()
    client.send(rstStreamFrame(1))
    expect(uploaded.signal.aborted).toBe(true)
    expect(uploaded.signal).toBe(uploaded.signal)
  })

  test('is not aborted by the end of the response, nor by what comes afterwards', () => {
    const requests: ServerRequest[] = []
    const client = new Http2Client((one, response) => {
      requests.push(one)
      response.send(200)
    })
    client.send(request(1, GET))
    client.send(rstStreamFrame(1))
    client.connection.abandon()
    expect(requests[0]?.signal.aborted).toBe(false)
  })

  test("is not aborted by a client's GOAWAY: what it has asked for it still wants", () => {
    const { request: asked, client } = received(request(1, GET))
    client.send(goawayFrame())
    expect(asked.signal.aborted).toBe(false)
  })

  test('is aborted when the handler itself has ended the connection', () => {
    let signal: AbortSignal | undefined
    const handler: Handler = (one) => {
      signal = one.signal
      client.connection.abandon()
    }
    const client: Http2Client = new Http2Client(handler)
    client.send(request(1, GET))
    expect(signal?.aborted).toBe(true)
  })

  test('may be answered by its listeners, in vain: nothing is sent on the stream any more', () => {
    const client = new Http2Client((one, response) => {
      one.signal.addEventListener('abort', () => response.send(503, {}, 'too late'))
    })
    client.send(request(1, GET), request(3, GET))
    client.send(rstStreamFrame(1), request(3, GET))
    expect(client.response(1)).toEqual({ informational: [], body: '' })
  })
})
