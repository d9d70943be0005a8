import http2, { type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import net from 'node:net'
import { devTls } from '@h2lab/tls-context'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoadPart, LoadPlan } from '../../src/load/plan'
import { type LocalWorker, startWorker } from '../../src/load/start-worker'
import type { Tally } from '../../src/load/tally'
import { listening } from '../support/listening'

/*
 * RFC 9113 section 8.7: a request that the server refuses with REFUSED_STREAM, or that is behind the last stream of GOAWAY,
 * was not processed. It is sent again, and counts once.
 */

const { NGHTTP2_REFUSED_STREAM, NGHTTP2_NO_ERROR } = http2.constants

const tls = await devTls()

let worker: LocalWorker

beforeAll(async () => {
  worker = await startWorker()
})

afterAll(() => worker.end())

/** Gets each request, and its number on its connection and among all, from 1. */
type OnRequest = (stream: ServerHttp2Stream, onConnection: number, request: number) => void

function serving(server: http2.Http2Server | http2.Http2SecureServer, onRequest: OnRequest) {
  let requests = 0
  server.on('session', (session: ServerHttp2Session) => {
    let onConnection = 0
    session.on('error', () => {})
    session.on('stream', (stream: ServerHttp2Stream) => {
      stream.on('error', () => {})
      onRequest(stream, ++onConnection, ++requests)
    })
  })
}

async function serverThat(onRequest: OnRequest): Promise<string> {
  const server = http2.createServer()
  serving(server, onRequest)
  return `http://127.0.0.1:${(await listening(server)).port}`
}

const answer = (stream: ServerHttp2Stream) => stream.respond({}, { endStream: true })
const refuse = (stream: ServerHttp2Stream) => stream.close(NGHTTP2_REFUSED_STREAM)

const CLOSED = { kind: 'closed' } as const
const requests = (count: number): LoadPart => ({
  loop: CLOSED,
  until: { kind: 'requests', requests: count },
})

async function load(origin: string, part: LoadPart, about: Partial<LoadPlan> = {}): Promise<Tally> {
  const session = await worker.connect({
    ...{ origin, httpVersion: 'h2', connections: 2, streams: 5 },
    requests: [{ method: 'GET', path: '/', headers: [], body: null, weight: 1 }],
    ...{ answerTime: 2, seed: 1 },
    ...about,
  })
  const tally = await session.run(part)
  await session.close()
  return tally
}

describe('requests that the server refuses', () => {
  const everyThird: OnRequest = (stream, _, request) =>
    request % 3 === 0 ? refuse(stream) : answer(stream)

  test.each<[string, LoadPart]>([
    ['a number of requests', requests(100)],
    [
      'a number of requests at a rate',
      {
        loop: { kind: 'open', rate: { from: 500, to: 500 }, arrivals: 'constant' },
        until: { kind: 'requests', requests: 100 },
      },
    ],
  ])('are sent again and count once, in %s', async (_, part) => {
    let seen = 0
    const origin = await serverThat((stream, ...numbers) => {
      seen++
      everyThird(stream, ...numbers)
    })
    const tally = await load(origin, part)
    expect(tally).toMatchObject({ started: 100, succeeded: 100, errored: 0, unsent: 0, faults: {} })
    expect(tally.refusals).toBeGreaterThan(40)
    expect(seen).toBe(100 + tally.refusals)
  })

  test('are in none of the figures of a time, unless they were answered at last', async () => {
    const part: LoadPart = { loop: CLOSED, until: { kind: 'time', seconds: 0.3 } }
    const tally = await load(await serverThat(everyThird), part)
    expect(tally).toMatchObject({ errored: 0, unanswered: 0, faults: {} })
    expect(tally.succeeded).toBe(tally.started)
    expect(tally.refusals).toBeGreaterThan(0)
  })

  test('are sent on another connection if that one takes no more', async () => {
    const origin = await serverThat((stream, _, request) => {
      if (request > 1) answer(stream)
      else {
        stream.session?.settings({ maxConcurrentStreams: 0 })
        refuse(stream)
      }
    })
    const tally = await load(origin, requests(1), { streams: 1 })
    expect(tally).toMatchObject({ started: 1, succeeded: 1, refusals: 1, reconnections: 0 })
  })

  test.each<[string, LoadPart]>([
    ['a number of requests', requests(20)],
    ['a time', { loop: CLOSED, until: { kind: 'time', seconds: 0.5 } }],
  ])('and all of them: %s ends with errors that say so', async (_, part) => {
    const tally = await load(await serverThat(refuse), part)
    expect(tally.succeeded).toBe(0)
    expect(tally.errored).toBeGreaterThanOrEqual(20)
    expect(tally.errored).toBe(tally.started)
    // Ten times for each of the ten that can be in flight.
    expect(tally.refusals).toBe(tally.errored + 100)
    expect(tally.faults).toEqual({ 'refused again and again (REFUSED_STREAM)': tally.errored })
    expect(tally.seconds).toBeLessThan(2)
  })

  test('and all of them, for some time only, are errors for that time only', async () => {
    const origin = await serverThat((stream, _, request) =>
      request <= 150 ? refuse(stream) : answer(stream),
    )
    const tally = await load(origin, requests(100))
    expect(tally).toMatchObject({ started: 100, errored: 50, succeeded: 50, refusals: 150 })
  })
})

test('each connection that drains gets another, however slowly they open', async () => {
  const credentials = { cert: tls.cert, key: tls.key }
  const server = http2.createSecureServer(credentials)
  let connections = 0
  serving(server, (stream, onConnection, request) => {
    const { session } = stream
    if (request > 8 || onConnection === 1) setTimeout(answer, 50, stream)
    if (request > 8 || onConnection < 4) return
    // In two steps: RFC 9113 section 6.8. All requests were sent before the first one.
    session?.goaway(NGHTTP2_NO_ERROR, 2 ** 31 - 1)
    setTimeout(() => session?.goaway(NGHTTP2_NO_ERROR, 1), 100)
  })
  const slow = net.createServer((socket) => {
    socket.on('error', () => {})
    setTimeout(() => server.emit('connection', socket), ++connections > 2 ? 300 : 0)
  })
  const origin = `https://127.0.0.1:${(await listening(slow)).port}`
  const tally = await load(origin, requests(8), { streams: 4, answerTime: 5 })
  expect(tally).toMatchObject({ started: 8, succeeded: 8, errored: 0, reconnections: 2 })
  expect(connections).toBe(4)
})
