import {
  type ConnectionLimits,
  type Field,
  type Handler,
  type PrebuiltResponse,
  prebuildResponse,
} from '@h2lab/mini-http2'
import { ClientConnection, prepareRequest } from '@h2lab/mini-http2/client'
import { ErrorCode, FrameFlag, MAX_STREAM_ID, SETTINGS_ACK_FRAME } from '@h2lab/mini-http2/frames'
import { concatenate, type OctetVector, octetize } from '@h2lab/octets'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { sessionCount } from '../../src/nghttp2/callbacks'
import { Nghttp2Connection } from '../../src/nghttp2/nghttp2-connection'
import { toNghttp2Options } from '../../src/nghttp2/options'
import { opening, request } from '../support/octets'

const hello = prebuildResponse({ body: 'Hello World\n' })
const opened: Nghttp2Connection[] = []

afterEach(() => {
  for (const connection of opened.splice(0)) connection.abandon()
  expect(sessionCount()).toBe(0)
})

function serve(
  app: Handler | PrebuiltResponse = hello,
  limits: ConnectionLimits = {},
  onHandlerError = (_: unknown) => {},
): Nghttp2Connection {
  const connection = new Nghttp2Connection(toNghttp2Options({ app, limits, onHandlerError }), 0)
  opened.push(connection)
  return connection
}

function takeAll(connection: Nghttp2Connection): OctetVector {
  const runs: OctetVector[] = []
  for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
    runs.push(run)
  }
  return concatenate(...runs)
}

interface Answer {
  status: number
  body: string
}

/** A client that talks to a connection. */
function talk(connection: Nghttp2Connection) {
  const answers: Answer[] = []
  const bodies = new Map<number, string>()
  const goaways: (readonly [lastStreamId: number, code: number])[] = []
  const client = new ClientConnection({
    onData(streamId, octets) {
      bodies.set(streamId, (bodies.get(streamId) ?? '') + Buffer.from(octets).toString('latin1'))
    },
    onEnd: (streamId, status) => void answers.push({ status, body: bodies.get(streamId) ?? '' }),
    onGoaway: (lastStreamId, code) => void goaways.push([lastStreamId, code]),
  })
  /** Until neither side has more to say. */
  const exchange = () => {
    for (;;) {
      const sent = client.takeOutput()
      if (sent !== undefined) connection.receive(sent)
      const received = takeAll(connection)
      if (received.length > 0) client.receive(received)
      if (sent === undefined && received.length === 0) return
    }
  }
  return {
    answers,
    goaways,
    exchange,
    ask(method = 'GET', path = '/', headers: readonly Field[] = []): Answer | undefined {
      client.send(prepareRequest({ method, path, authority: 'localhost', headers }))
      exchange()
      return answers.at(-1)
    },
  }
}

describe('responses', () => {
  test('a prebuilt response answers every request', () => {
    const client = talk(serve())
    expect(client.ask()).toEqual({ status: 200, body: 'Hello World\n' })
    expect(client.ask('POST')).toEqual({ status: 200, body: 'Hello World\n' })
  })

  test('HEAD has no body', () => {
    expect(talk(serve()).ask('HEAD')).toEqual({ status: 200, body: '' })
    const handler: Handler = (_, response) => response.send(200, {}, 'Hello')
    expect(talk(serve(handler)).ask('HEAD')).toEqual({ status: 200, body: '' })
  })

  test('a body larger than every window arrives whole', () => {
    const body = 'octet '.repeat(500_000)
    const answer = talk(serve(prebuildResponse({ body }))).ask()
    expect(answer?.body === body).toBe(true)
  })

  test('a body in parts arrives in order', () => {
    const handler: Handler = (_, response) => {
      response.informational(103, { link: '</style.css>; rel=preload' })
      response.writeHead(200, { 'content-length': 7 })
      response.write('one ')
      response.write('two')
      response.end()
    }
    expect(talk(serve(handler)).ask()).toEqual({ status: 200, body: 'one two' })
  })

  test('what HTTP does not allow throws at the handler, which may still answer', () => {
    const codes: unknown[] = []
    const attempt = (action: () => unknown) => {
      try {
        action()
      } catch (error) {
        codes.push((error as { code?: string }).code)
      }
    }
    const handler: Handler = (_, response) => {
      attempt(() => response.send(199))
      attempt(() => response.send(204, {}, 'body'))
      attempt(() => response.send(200, { connection: 'close' }))
      attempt(() => response.write('early'))
      response.writeHead(200, { 'content-length': 3 })
      attempt(() => response.writeHead(200))
      attempt(() => response.write('long'))
      attempt(() => response.end('ab'))
      response.end('abc')
      attempt(() => response.write('late'))
    }
    expect(talk(serve(handler)).ask()).toEqual({ status: 200, body: 'abc' })
    expect(codes).toEqual([
      'INVALID_STATUS',
      'BODY_NOT_ALLOWED',
      'INVALID_FIELD',
      'HEAD_NOT_SENT',
      'HEAD_ALREADY_SENT',
      'CONTENT_LENGTH_MISMATCH',
      'CONTENT_LENGTH_MISMATCH',
      'RESPONSE_ENDED',
    ])
  })

  test('a response that is reset ends its stream only', () => {
    const handler: Handler = ({ path }, response) => {
      if (path === '/reset') response.reset('REFUSED_STREAM')
      else response.sendPrebuilt(hello)
    }
    const client = talk(serve(handler))
    client.ask('GET', '/reset')
    expect(client.ask()).toMatchObject({ status: 200 })
  })
})

describe('requests', () => {
  test('a handler sees what the client asks for', () => {
    const seen = vi.fn()
    const handler: Handler = (received, response) => {
      const { method, scheme, authority, path, protocol, headers } = received
      seen({ method, scheme, authority, path, protocol, cookie: headers.get('cookie') })
      response.send(204)
    }
    talk(serve(handler)).ask('PUT', '/a?b=c', [
      ['cookie', 'a=1'],
      ['cookie', 'b=2'],
    ])
    expect(seen).toHaveBeenCalledExactlyOnceWith({
      method: 'PUT',
      scheme: 'https',
      authority: 'localhost',
      path: '/a?b=c',
      protocol: undefined,
      cookie: 'a=1; b=2',
    })
  })

  test('fields that no table may keep are marked, and cookie crumbs are if one of them is', () => {
    const seen = vi.fn()
    const handler: Handler = ({ headers }, response) => {
      seen(headers.raw)
      response.send(204)
    }
    talk(serve(handler)).ask('GET', '/', [
      ['cookie', 'a=1'],
      ['authorization', 'Bearer b', true],
      ['cookie', 'c=3', true],
      ['x-plain', 'd'],
    ])
    expect(seen).toHaveBeenCalledExactlyOnceWith([
      ['cookie', 'a=1; c=3', true],
      ['authorization', 'Bearer b', true],
      ['x-plain', 'd'],
    ])
  })

  test('a header list over the limit is answered with 431', () => {
    const handler = vi.fn()
    const client = talk(serve(handler, { maxHeaderListSize: 1000 }))
    expect(client.ask('GET', '/', [['x-long', 'x'.repeat(1000)]])?.status).toBe(431)
    expect(handler).not.toHaveBeenCalled()
  })

  test('the body of a request is dropped, and reading it says so', async () => {
    let reading: Promise<unknown> = Promise.resolve()
    const handler: Handler = ({ body }, response) => {
      reading = body.text()
      reading.catch(() => {})
      response.send(200)
    }
    talk(serve(handler)).ask()
    await expect(reading).rejects.toMatchObject({ name: 'RequestBodyError' })
  })

  test('a handler that returns a promise is answered for with 500', () => {
    const told = vi.fn()
    const handler: Handler = async (_, response) => {
      await Promise.resolve()
      response.send(200)
    }
    expect(talk(serve(handler, {}, told)).ask()?.status).toBe(500)
    expect(told.mock.calls[0]![0]).toMatchObject({ code: 'PROMISE_REFUSED' })
  })

  test('a request that the client gives up aborts its signal', () => {
    const aborted = vi.fn()
    const connection = serve((received) => received.signal.addEventListener('abort', aborted))
    connection.receive(opening())
    connection.receive(request())
    connection.receive(octetize('000004 03 00 00000001 00000008', 'hex'))
    expect(aborted).toHaveBeenCalledTimes(1)
  })
})

describe('the end of a connection', () => {
  test('another protocol is a mismatch of the preface, with the octets received', () => {
    const connection = serve()
    connection.receive(octetize('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'))
    expect(takeAll(connection).length).toBeGreaterThan(9)
    expect(connection.state).toBe('closed')
    expect(connection.error).toMatchObject({ code: 'CLIENT_PREFACE_MISMATCH' })
  })

  test('a fault that nghttp2 finds is the error, in its words', () => {
    const connection = serve()
    connection.receive(opening())
    // SETTINGS on a stream, RFC 9113 section 6.5.
    connection.receive(octetize('000000 04 00 00000001', 'hex'))
    takeAll(connection)
    expect(connection.state).toBe('closed')
    expect(connection.error).toMatchObject({
      code: 'PROTOCOL_ERROR',
      message: expect.stringContaining('SETTINGS') as string,
    })
  })

  test('draining says GOAWAY for no stream, and for the last one when the client has seen that', () => {
    const connection = serve()
    const client = talk(connection)
    client.ask()
    connection.drain()
    client.exchange()
    expect(client.goaways).toEqual([
      [MAX_STREAM_ID, ErrorCode.NO_ERROR],
      [1, ErrorCode.NO_ERROR],
    ])
    expect(connection.state).toBe('closed')
    expect(connection.error).toBeUndefined()
  })

  test('a request that was on its way when draining began is answered', () => {
    const connection = serve()
    const client = talk(connection)
    client.ask()
    connection.drain()
    takeAll(connection)
    expect(connection.state).toBe('draining')
    connection.receive(request(3))
    connection.receive(octetize('000008 06 01 00000000 647261696e696e67', 'hex'))
    const output = Buffer.from(takeAll(connection))
    expect(output.toString('latin1')).toContain('Hello World')
    const goaway = octetize('000008 07 00 00000000 00000003 00000000', 'hex')
    expect(output.includes(Buffer.from(goaway))).toBe(true)
    expect(connection.state).toBe('closed')
  })

  test('a request that comes with the acknowledgement is beyond the last stream, and no handler is called', () => {
    const handler = vi.fn<Handler>((_, response) => response.send(200))
    const connection = serve(handler)
    talk(connection).ask()
    connection.drain()
    takeAll(connection)
    const acknowledgement = octetize('000008 06 01 00000000 647261696e696e67', 'hex')
    connection.receive(concatenate(acknowledgement, request(3)))
    const output = Buffer.from(takeAll(connection))
    const goaway = octetize('000008 07 00 00000000 00000001 00000000', 'hex')
    expect(output.equals(goaway)).toBe(true)
    expect(handler).toHaveBeenCalledTimes(1)
    expect(connection.state).toBe('closed')
  })

  test('a client that does not acknowledge the first GOAWAY gets the second after half a second', () => {
    const connection = serve()
    talk(connection).ask()
    connection.tick(5000)
    connection.drain()
    takeAll(connection)
    expect(connection.deadline).toBe(5500)
    connection.tick(5500)
    expect(takeAll(connection).length).toBeGreaterThan(0)
    expect(connection.state).toBe('closed')
    expect(connection.error).toBeUndefined()
  })

  test('a client that says GOAWAY is done', () => {
    const connection = serve()
    connection.receive(opening())
    connection.receive(octetize('000008 07 00 00000000 00000000 00000000', 'hex'))
    takeAll(connection)
    expect(connection.state).toBe('closed')
  })

  test('what is abandoned is freed once, and tells its handlers', () => {
    const aborted = vi.fn()
    const connection = serve((received) => received.signal.addEventListener('abort', aborted))
    connection.receive(concatenate(opening(), request()))
    connection.abandon()
    connection.abandon()
    expect(sessionCount()).toBe(0)
    expect(connection.state).toBe('closed')
    expect(aborted).toHaveBeenCalledTimes(1)
    connection.receive(request(3))
    connection.drain()
    expect(connection.takeOutput()).toBeUndefined()
  })
})

describe('deadlines', () => {
  test.each([
    ['no preface', 'PROTOCOL_ERROR', () => {}],
    [
      'no acknowledgement of SETTINGS',
      'SETTINGS_TIMEOUT',
      (connection: Nghttp2Connection) => connection.receive(opening()),
    ],
  ])('%s is a fault after 10 seconds', (_, code, begin) => {
    const connection = serve()
    begin(connection)
    connection.tick(9_999)
    expect(connection.error).toBeUndefined()
    expect(connection.deadline).toBe(10_000)
    connection.tick(10_000)
    takeAll(connection)
    expect(connection).toMatchObject({ state: 'closed', error: { code } })
  })

  test('a response that is not taken is a fault after stalledResponseTimeout', () => {
    const connection = serve(hello, { keepAlive: Number.POSITIVE_INFINITY })
    connection.receive(
      concatenate(opening({ INITIAL_WINDOW_SIZE: 0 }), SETTINGS_ACK_FRAME, request()),
    )
    takeAll(connection)
    connection.tick(59_999)
    expect(connection.error).toBeUndefined()
    connection.tick(60_000)
    expect(connection.error).toMatchObject({ code: 'ENHANCE_YOUR_CALM' })
  })

  test.each([
    ['a part of its frame', 12],
    ['its CONTINUATION', undefined],
  ])('a header block without %s is a fault after headerBlockTimeout', (_, received) => {
    const connection = serve()
    talk(connection).ask()
    const rest = request(3)
    if (received === undefined) rest[4] = FrameFlag.END_STREAM
    connection.tick(1000)
    connection.receive(rest.subarray(0, received))
    expect(connection.deadline).toBe(11_000)
    connection.tick(11_000)
    takeAll(connection)
    expect(connection).toMatchObject({ state: 'closed', error: { code: 'ENHANCE_YOUR_CALM' } })
  })

  test('a header block that comes octet by octet within its time is none', () => {
    const connection = serve()
    const client = talk(connection)
    client.ask()
    for (const octet of request(3)) connection.receive(Uint8Array.of(octet))
    expect(Buffer.from(takeAll(connection)).toString('latin1')).toContain('Hello World')
    expect(connection.deadline).toBe(180_000)
  })

  test('an idle client is sent away in good order', () => {
    const connection = serve()
    const client = talk(connection)
    client.ask()
    connection.tick(180_000)
    client.exchange()
    expect(connection.state).toBe('closed')
    expect(connection.error).toBeUndefined()
  })
})

describe('a client that a response waits for', () => {
  const ping = octetize('000008 06 00 00000000 7374696c6c207570', 'hex')
  const pong = octetize('000008 06 01 00000000 7374696c6c207570', 'hex')

  /** A connection whose handler never answers. */
  function waiting(): { connection: Nghttp2Connection; aborted: () => void } {
    const aborted = vi.fn()
    const connection = serve(({ signal }) => signal.addEventListener('abort', aborted))
    connection.receive(concatenate(opening(), SETTINGS_ACK_FRAME, request()))
    takeAll(connection)
    return { connection, aborted }
  }

  test('is asked by PING when it has been silent for keepAlive, and again', () => {
    const { connection } = waiting()
    for (const time of [30_000, 60_000]) {
      expect(connection.deadline).toBe(time)
      connection.tick(time)
      expect(takeAll(connection)).toEqual(ping)
      connection.receive(pong)
    }
    expect(connection.error).toBeUndefined()
  })

  test('is given up when it does not answer within keepAliveTimeout', () => {
    const { connection, aborted } = waiting()
    connection.tick(30_000)
    takeAll(connection)
    connection.tick(59_999)
    expect(connection.error).toBeUndefined()
    connection.tick(60_000)
    takeAll(connection)
    expect(connection).toMatchObject({ state: 'closed', error: { code: 'KEEP_ALIVE_TIMEOUT' } })
    expect(aborted).toHaveBeenCalledTimes(1)
  })

  test('and that answers a PING has not acknowledged the first GOAWAY by that', () => {
    const { connection } = waiting()
    connection.tick(30_000)
    takeAll(connection)
    connection.drain()
    takeAll(connection)
    connection.receive(pong)
    expect(takeAll(connection)).toHaveLength(0)
    connection.receive(octetize('000008 06 01 00000000 647261696e696e67', 'hex'))
    const goaway = octetize('000008 07 00 00000000 00000001 00000000', 'hex')
    expect(takeAll(connection)).toEqual(goaway)
  })

  test('is not asked for the rest of a request that has its response, but told to stop', () => {
    const connection = serve(hello, { keepAlive: 1000, stalledResponseTimeout: 5000 })
    connection.receive(concatenate(opening(), SETTINGS_ACK_FRAME, request(1, 'open')))
    expect(Buffer.from(takeAll(connection)).toString('latin1')).toContain('Hello World')
    expect(connection).toMatchObject({ idle: true, deadline: 5000 })
    // A PING of the client's is no progress.
    connection.tick(4000)
    connection.receive(octetize('000008 06 00 00000000 0000000000000000', 'hex'))
    takeAll(connection)
    connection.tick(5000)
    const stop = octetize('000004 03 00 00000001 00000000', 'hex')
    expect(takeAll(connection)).toEqual(stop)
    expect(connection.error).toBeUndefined()
  })

  test('does not put off stalledResponseTimeout by answering PINGs', () => {
    const connection = serve(hello, { keepAlive: 1000, stalledResponseTimeout: 2500 })
    connection.receive(
      concatenate(opening({ INITIAL_WINDOW_SIZE: 0 }), SETTINGS_ACK_FRAME, request()),
    )
    takeAll(connection)
    for (const time of [1000, 2000]) {
      connection.tick(time)
      expect(takeAll(connection)).toEqual(ping)
      connection.receive(pong)
    }
    connection.tick(2500)
    expect(connection.error).toMatchObject({ code: 'ENHANCE_YOUR_CALM' })
  })

  test('is taken for gone half a second after it has ended its side', () => {
    const { connection, aborted } = waiting()
    connection.tick(1000)
    connection.endInput()
    takeAll(connection)
    expect(connection.deadline).toBe(1500)
    connection.tick(1499)
    expect(aborted).not.toHaveBeenCalled()
    connection.tick(1500)
    expect(connection).toMatchObject({ state: 'closed', error: undefined })
    expect(aborted).toHaveBeenCalledTimes(1)
  })
})

describe('frames without effect', () => {
  test.each([
    ['of an unknown type', '000000 fa 00 00000000'],
    ['PRIORITY', '000005 02 00 00000001 00000000 00'],
    ['WINDOW_UPDATE that no DATA explains', '000004 08 00 00000000 00000001'],
    ['PING that acknowledges nothing', '000008 06 01 00000000 0000000000000000'],
  ])('%s end the connection beyond idleFrameBurst', (_, frame) => {
    const connection = serve(hello, { idleFrameBurst: 10, idleFramesPerSecond: 10 })
    connection.receive(opening())
    const octets = octetize(frame, 'hex')
    for (let count = 0; count < 10; count++) connection.receive(octets)
    expect(connection.error).toBeUndefined()
    connection.tick(100)
    connection.receive(octets)
    expect(connection.error).toBeUndefined()
    connection.receive(octets)
    expect(connection.error).toMatchObject({ code: 'ENHANCE_YOUR_CALM' })
  })

  test('empty DATA of a request counts as well', () => {
    const connection = serve(() => {}, { idleFrameBurst: 10 })
    const start = request()
    start[4] = FrameFlag.END_HEADERS
    connection.receive(concatenate(opening(), start))
    for (let count = 0; count < 11; count++) {
      connection.receive(octetize('000000 00 00 00000001', 'hex'))
    }
    expect(connection.error).toMatchObject({ code: 'ENHANCE_YOUR_CALM' })
  })

  test('WINDOW_UPDATE for the DATA that was sent is none', () => {
    const connection = serve(hello, { idleFrameBurst: 1, idleFramesPerSecond: 1 })
    const client = talk(connection)
    for (let count = 0; count < 10; count++) {
      client.ask()
      connection.receive(octetize('000004 08 00 00000000 00000001', 'hex'))
    }
    expect(connection.error).toBeUndefined()
  })
})

describe('resets', () => {
  const reset = (streamId: number) => octetize(`000004 03 00 ${hex(streamId)} 00000008`, 'hex')

  test('of requests in work end the connection beyond resetBurst', () => {
    const connection = serve(hello, { resetBurst: 2, resetsPerSecond: 1 })
    connection.receive(opening())
    for (const streamId of [1, 3, 5]) {
      expect(connection.error).toBeUndefined()
      connection.receive(concatenate(request(streamId), reset(streamId)))
    }
    expect(connection.error).toMatchObject({ code: 'ENHANCE_YOUR_CALM' })
  })

  test('behind complete responses are frames without effect, which each response allows', () => {
    const connection = serve(hello, { resetBurst: 2, idleFrameBurst: 2, idleFramesPerSecond: 1 })
    connection.receive(opening())
    for (let streamId = 1; streamId < 100; streamId += 2) {
      connection.receive(request(streamId))
      takeAll(connection)
      connection.receive(reset(streamId))
      expect(connection.error).toBeUndefined()
    }
    for (let count = 0; count < 2; count++) connection.receive(reset(1))
    expect(connection.error).toMatchObject({ code: 'ENHANCE_YOUR_CALM' })
  })
})

function hex(streamId: number): string {
  return streamId.toString(16).padStart(8, '0')
}

test('a flood of PING that nobody reads the answers to ends the connection', () => {
  const connection = serve(hello, { maxWaitingAcknowledgements: 100 })
  connection.receive(opening())
  const ping = octetize('000008 06 00 00000000 0000000000000000', 'hex')
  for (let count = 0; count < 200; count++) connection.receive(ping)
  expect(connection.error).toMatchObject({ code: 'ENHANCE_YOUR_CALM' })
})
