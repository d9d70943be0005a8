import { readFileSync } from 'node:fs'
import net from 'node:net'
import {
  CLIENT_PREFACE,
  FRAME_HEADER_LENGTH,
  FrameFlag,
  FrameType,
  getFrameSize,
  getFrameType,
  makeFrame,
  makeGoawayFrame,
  makeSettingsFrame,
  writeStreamId,
} from '@h2lab/mini-http2/frames'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoadPlan } from '../../src/load/plan'
import { type LocalWorker, startWorker } from '../../src/load/start-worker'
import type { Tally } from '../../src/load/tally'
import { listening } from '../support/listening'

/*
 * Servers that say much and answer nothing: a load of a number of requests ends nevertheless, and what is no response
 * counts as none.
 */

let worker: LocalWorker

beforeAll(async () => {
  worker = await startWorker()
})

afterAll(() => worker.end())

/** Index 8 of the static table: RFC 7541 appendix A. */
const STATUS_200 = 0x88
const STATUS_103 = Buffer.from('0803313033', 'hex')
const CONTENT_LENGTH_5 = Buffer.from('0f0d0135', 'hex')

function frame(type: number, flags: number, payload: Uint8Array, streamId = 1): Uint8Array {
  const octets = makeFrame(type, flags, 0, payload)
  if (streamId > 0) writeStreamId(octets, 0, streamId)
  return octets
}

const headers = (flags: number, ...block: readonly Uint8Array[]) =>
  frame(FrameType.HEADERS, FrameFlag.END_HEADERS | flags, Buffer.concat(block))
const data = (text: string, flags = 0) => frame(FrameType.DATA, flags, Buffer.from(text))
const ok = Buffer.of(STATUS_200)
const { END_STREAM } = FrameFlag

interface Speech {
  /** To the first request of a connection. */
  readonly first?: readonly Uint8Array[]
  /** Again and again. */
  readonly again?: Uint8Array
}

/** An HTTP/2 server without TLS that says what it is told, whatever it is asked. */
async function speaking({ first = [], again }: Speech): Promise<string> {
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.write(makeSettingsFrame({}))
    onFirstRequest(socket, () => {
      for (const octets of first) socket.write(octets)
    })
    if (again === undefined) return
    const timer = setInterval(() => socket.write(again), 20)
    socket.on('close', () => clearInterval(timer))
  })
  return `http://127.0.0.1:${(await listening(server)).port}`
}

function onFirstRequest(socket: net.Socket, answer: () => void): void {
  let received = Buffer.alloc(0)
  const find = (octets: Buffer) => {
    received = Buffer.concat([received, octets])
    let at = CLIENT_PREFACE.length
    while (at + FRAME_HEADER_LENGTH <= received.length) {
      if (getFrameType(received, at) === FrameType.HEADERS) {
        socket.off('data', find)
        socket.resume()
        answer()
        return
      }
      at += FRAME_HEADER_LENGTH + getFrameSize(received, at)
    }
  }
  socket.on('data', find)
}

async function load(origin: string, about: Partial<LoadPlan> = {}, requests = 2): Promise<Tally> {
  const session = await worker.connect({
    ...{ origin, httpVersion: 'h2', connections: 1, streams: 1 },
    requests: [{ method: 'GET', path: '/', headers: [], body: null, weight: 1 }],
    ...{ answerTime: 0.4, seed: 1 },
    ...about,
  })
  const tally = await session.run({
    loop: { kind: 'closed' },
    until: { kind: 'requests', requests },
  })
  await session.close()
  return tally
}

describe('two requests to a server that only', () => {
  test.each<[string, Speech]>([
    ['sends PINGs', { again: frame(FrameType.PING, 0, new Uint8Array(8), 0) }],
    ['sends SETTINGS', { again: makeSettingsFrame({}) }],
    ['sends informational responses', { again: headers(0, STATUS_103) }],
    ['trickles a body', { first: [headers(0, ok)], again: data('.') }],
    ['sends unknown frames', { again: frame(0xbb, 0, new Uint8Array(100)) }],
  ])('%s end without an answer', async (_, speech) => {
    const tally = await load(await speaking(speech))
    expect(tally).toMatchObject({ started: 1, succeeded: 0, unanswered: 1, unsent: 1 })
  })

  test('says that it processed none, on each connection, end unsent', async () => {
    const tally = await load(await speaking({ first: [makeGoawayFrame(0, 0)] }))
    expect(tally.succeeded).toBe(0)
    expect(tally.started + tally.unsent).toBe(2)
    expect(tally.reconnections).toBeGreaterThan(0)
  })

  test('sends informational responses in HTTP/1.1 end without an answer', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
      socket.resume()
    })
    const { port } = await listening(server)
    const tally = await load(`http://127.0.0.1:${port}`, { httpVersion: 'http/1.1' })
    expect(tally).toMatchObject({ succeeded: 0, unsent: 1 })
  })
})

describe('what is no response counts as none:', () => {
  test.each<[string, readonly Uint8Array[], string]>([
    ['DATA alone', [data('Hello', END_STREAM)], 'malformed response: DATA before HEADERS'],
    [
      'a body shorter than its content-length',
      [headers(0, ok, CONTENT_LENGTH_5), data('Hell', END_STREAM)],
      'malformed response: a body that is shorter than its content-length by 1',
    ],
    [
      'an informational response at last',
      [headers(END_STREAM, STATUS_103)],
      'malformed response: no final response after the informational 103',
    ],
  ])('%s', async (_, first, fault) => {
    const tally = await load(await speaking({ first }), { streams: 2 })
    expect(tally).toMatchObject({ succeeded: 0, failed: 0, errored: 1, statuses: {} })
    expect(tally.faults).toMatchObject({ [fault]: 1 })
  })

  test.each<[string, readonly Uint8Array[], string]>([
    [
      'a push',
      [frame(FrameType.PUSH_PROMISE, FrameFlag.END_HEADERS, Buffer.from('0000000288', 'hex'))],
      'The server sent PUSH_PROMISE',
    ],
    [
      'an answer to what nobody asked',
      [frame(FrameType.HEADERS, FrameFlag.END_HEADERS | END_STREAM, ok, 99)],
      'Stream 99 was never opened',
    ],
    [
      'a header block without end',
      [
        frame(FrameType.HEADERS, 0, ok),
        ...Array(101).fill(frame(FrameType.CONTINUATION, 0, new Uint8Array())),
      ],
      'A header block has more than',
    ],
  ])('%s, which ends its connection', async (_, first, fault) => {
    const tally = await load(await speaking({ first }))
    expect(tally).toMatchObject({ succeeded: 0, failed: 0 })
    expect(Object.keys(tally.faults).join()).toContain(`connection lost: ${fault}`)
  })
})

describe('what is no response of HTTP/1.1 ends its connection:', () => {
  test.each([
    ['a field name that is no token', 'Bad Name: 1', 'a field name is no token'],
    [
      'a length beside chunks',
      'Content-Length: 2\r\nTransfer-Encoding: chunked',
      'it has both content-length and transfer-encoding',
    ],
  ])('%s', async (_, fields, fault) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\n${fields}\r\n\r\n0\r\n\r\n`))
    })
    const { port } = await listening(server)
    const tally = await load(`http://127.0.0.1:${port}`, { httpVersion: 'http/1.1' }, 1)
    expect(tally).toMatchObject({ started: 1, succeeded: 0, failed: 0, errored: 1 })
    expect(Object.keys(tally.faults).join()).toContain(fault)
  })
})

describe('a fault that comes with the last answer is told:', () => {
  const answer = headers(END_STREAM, ok)

  test.each<[string, Uint8Array, string]>([
    [
      'a push',
      frame(FrameType.PUSH_PROMISE, FrameFlag.END_HEADERS, Buffer.from('0000000288', 'hex')),
      'The server sent PUSH_PROMISE',
    ],
    ['a second response', answer, 'HEADERS was received on stream 1, which has ended'],
    ['GOAWAY with an error', makeGoawayFrame(1, 2), 'The server ended the connection: INTERNAL'],
  ])('%s', async (_, behind, fault) => {
    const origin = await speaking({ first: [Buffer.concat([answer, behind])] })
    const tally = await load(origin, {}, 1)
    expect(tally).toMatchObject({ started: 1, succeeded: 1 })
    expect(Object.keys(tally.faults).join()).toContain(`connection lost: ${fault}`)
  })

  test('octets behind the last response of HTTP/1.1', async () => {
    const response = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokmore'
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write(response))
    })
    const { port } = await listening(server)
    const tally = await load(`http://127.0.0.1:${port}`, { httpVersion: 'http/1.1' }, 1)
    expect(tally.succeeded).toBe(1)
    expect(Object.keys(tally.faults).join()).toContain('it is not a response to any request')
  })
})

test('answers to requests that were given up belong to no later part', async () => {
  const sockets: net.Socket[] = []
  const server = net.createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.write(makeSettingsFrame({ INITIAL_WINDOW_SIZE: 2 ** 30 }))
    // The first connection is answered too late, and never read from.
    if (sockets.length === 1) {
      socket.once('data', () => {
        socket.pause()
        setTimeout(() => socket.write(headers(END_STREAM, ok)), 700)
      })
    } else {
      onFirstRequest(socket, () => socket.write(headers(END_STREAM, ok)))
    }
  })
  const { port } = await listening(server)
  const session = await worker.connect({
    ...{ origin: `http://127.0.0.1:${port}`, httpVersion: 'h2', connections: 1, streams: 1 },
    requests: [
      {
        ...{ method: 'POST', path: '/', headers: [], weight: 1 },
        body: Buffer.alloc(1_000_000).toString('base64'),
      },
    ],
    ...{ answerTime: 0.3, seed: 1 },
  })
  const loop = { kind: 'closed' } as const
  const first = await session.run({ loop, until: { kind: 'time', seconds: 0.1 } })
  expect(first).toMatchObject({ succeeded: 0, unanswered: 1 })
  const second = await session.run({ loop, until: { kind: 'time', seconds: 1 } })
  expect(second.succeeded + second.unanswered).toBe(second.started)
  expect(second.succeeded).toBe(1)
  await session.close()
})

test('requests that a connection refuses while it drains are sent on another', async () => {
  let connections = 0
  const server = net.createServer((socket) => {
    connections++
    const isFirst = connections === 1
    socket.on('error', () => {})
    socket.write(makeSettingsFrame({}))
    onFirstRequest(socket, () => {
      const on = (streamId: number) =>
        frame(FrameType.HEADERS, FrameFlag.END_HEADERS | END_STREAM, ok, streamId)
      if (!isFirst) {
        for (const streamId of [1, 3]) socket.write(on(streamId))
        return
      }
      // The first of two steps, then what was on its way, then the second: RFC 9113 section 6.8.
      socket.write(makeGoawayFrame(2 ** 31 - 1, 0))
      setTimeout(() => socket.write(Buffer.concat([on(1), on(3), makeGoawayFrame(3, 0)])), 100)
    })
  })
  const { port } = await listening(server)
  const origin = `http://127.0.0.1:${port}`
  const tally = await load(origin, { streams: 4, answerTime: 5 }, 4)
  expect(tally).toMatchObject({ started: 4, succeeded: 4, unsent: 0, errored: 0 })
  expect(tally.reconnections).toBe(1)
})

test('SETTINGS that come in pieces are waited for', async () => {
  const settings = makeSettingsFrame({ MAX_CONCURRENT_STREAMS: 1 })
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.setNoDelay(true)
    socket.write(settings.subarray(0, 9))
    setTimeout(() => socket.write(settings.subarray(9)), 200)
    onFirstRequest(socket, () => socket.write(headers(END_STREAM, ok)))
  })
  const { port } = await listening(server)
  const tally = await load(`http://127.0.0.1:${port}`, { streams: 5, answerTime: 1 }, 2)
  expect(tally).toMatchObject({ mostInFlight: 1, mostStreams: 1, succeeded: 1, errored: 0 })
})

test('a server that reads nothing is not sent more than it takes', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.write(makeSettingsFrame({ INITIAL_WINDOW_SIZE: 2 ** 30 }))
    const windows = Buffer.alloc(4)
    windows.writeUInt32BE(2 ** 30)
    socket.write(frame(FrameType.WINDOW_UPDATE, 0, windows, 0))
    socket.pause()
  })
  const { port } = await listening(server)
  const memory = () =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))?.[1])
  const before = memory()
  const body = Buffer.alloc(4_000_000).toString('base64')
  const session = await worker.connect({
    ...{ origin: `http://127.0.0.1:${port}`, httpVersion: 'h2', connections: 1, streams: 50 },
    requests: [{ method: 'POST', path: '/', headers: [], body, weight: 1 }],
    ...{ answerTime: 0.5, seed: 1 },
  })
  const until = { kind: 'time', seconds: 0.5 } as const
  const tally = await session.run({ loop: { kind: 'closed' }, until })
  expect(tally.succeeded).toBe(0)
  // Fifty bodies of 4 MB are 200 MB; the plan itself has one of them, also as text.
  expect(memory() - before).toBeLessThan(100_000)
  await session.close()
})

test('the rate of a number of requests counts until it was given up', async () => {
  const tally = await load(await speaking({ first: [headers(END_STREAM, ok)] }), { answerTime: 1 })
  expect(tally).toMatchObject({ succeeded: 1, unanswered: 1 })
  expect(tally.seconds).toBeGreaterThan(0.9)
})
