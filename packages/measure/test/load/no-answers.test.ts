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

async function load(origin: string, about: Partial<LoadPlan> = {}): Promise<Tally> {
  const session = await worker.connect({
    ...{ origin, httpVersion: 'h2', connections: 1, streams: 1 },
    requests: [{ method: 'GET', path: '/', headers: [], body: null, weight: 1 }],
    ...{ answerTime: 0.4, seed: 1 },
    ...about,
  })
  const tally = await session.run({
    loop: { kind: 'closed' },
    until: { kind: 'requests', requests: 2 },
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
      'malformed response: nothing behind the informational 103',
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
      'The server pushes',
    ],
    [
      'an answer to what nobody asked',
      [frame(FrameType.HEADERS, FrameFlag.END_HEADERS | END_STREAM, ok, 99)],
      'The stream 99 was never opened',
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
