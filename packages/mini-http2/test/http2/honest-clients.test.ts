import { concatenate, type OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { CLIENT_PREFACE } from '../../src/frames'
import { takeAll, takeTurns } from '../support/exchange'
import {
  dataFrame,
  headersFrame,
  priorityFrame,
  priorityUpdateFrame,
  rstStreamFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { Conversation, dataLength } from '../support/http2'
import { GET, http2Connection, request } from '../support/http2-messages'
import { parseFrames } from '../support/parse-frames'
import { GET_BLOCK, getRequest } from '../support/requests'

/*
 * Unusual input that real clients send, and that the limits must allow.
 */

/** Answered with status 400, without calling a handler. */
const BAD_PATH = [...GET.slice(0, 3), [':path', '/a b']] as const

const stream = (index: number) => 2 * index + 1

describe('a client that opens its windows for each small step that it reads', () => {
  test.each([1024, 4096, 8192])('of %i octets gets a long body', (step) => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    const { response } = conversation.last
    response.writeHead(200)
    const size = 20_000_000
    let taken = 0
    const part = new Uint8Array(65_536)
    for (let written = 0; written < size; written += part.length) {
      response.write(part)
      let count = dataLength(conversation.take(), 1)
      while (count > 0) {
        taken += count
        const updates: OctetVector[] = []
        for (let left = count; left > 0; left -= step) {
          const increment = Math.min(step, left)
          updates.push(windowUpdateFrame(0, increment), windowUpdateFrame(1, increment))
        }
        count = dataLength(conversation.send(...updates), 1)
      }
      expect(conversation.connection.state).toBe('open')
    }
    expect(taken).toBeGreaterThanOrEqual(size)
  })

  test('but a step of one octet is none', () => {
    const conversation = new Conversation({ limits: { idleFrameBurst: 1000 } })
    conversation.send(getRequest(1))
    conversation.last.response.writeHead(200)
    conversation.last.response.write(new Uint8Array(60_000))
    conversation.take()
    for (let count = 0; count < 60_000; count++) conversation.send(windowUpdateFrame(0, 1))
    expect(conversation.connection.error?.code).toBe('ENHANCE_YOUR_CALM')
  })
})

describe('a first flight of more streams than the client knows to be allowed', () => {
  /** A connection whose client has not seen our SETTINGS yet. */
  function firstFlight(...frames: readonly OctetVector[]) {
    const handled: string[] = []
    const connection = http2Connection((request, response) => {
      void request.body.octets().then((octets) => {
        handled.push(`${octets.length}`)
        response.send(200, {}, 'served')
      })
    })
    connection.receive(concatenate(CLIENT_PREFACE, settingsFrame(), ...frames))
    takeTurns(connection)
    return { connection, handled, answers: () => parseFrames(takeAll(connection)) }
  }

  test('is served as far as is allowed; the rest is refused, and the connection lives', async () => {
    const ids = Array.from({ length: 385 }, (_, index) => stream(index))
    const { connection, handled, answers } = firstFlight(
      ...ids.map((id) => headersFrame(id, GET_BLOCK)),
      ...ids.map((id) => dataFrame(id, 'a'.repeat(100), { endStream: true })),
    )
    await new Promise(setImmediate)
    const frames = answers()
    expect(handled).toEqual(Array.from({ length: 128 }, () => '100'))
    expect(frames.filter(({ type }) => type === 'HEADERS')).toHaveLength(128)
    const refused = frames.filter(({ type }) => type === 'RST_STREAM')
    expect(refused).toHaveLength(385 - 128)
    for (const frame of refused) expect(frame).toMatchObject({ errorCode: 'REFUSED_STREAM' })
    connection.receive(concatenate(settingsAckFrame(), getRequest(1001)))
    await new Promise(setImmediate)
    expect(answers()).toMatchObject([{ type: 'HEADERS', streamId: 1001 }, { type: 'DATA' }])
  })

  test('of thousands is no reason to end the connection either', async () => {
    const ids = Array.from({ length: 5000 }, (_, index) => stream(index))
    const { connection, answers } = firstFlight(...ids.map((id) => getRequest(id)))
    await new Promise(setImmediate)
    expect(answers().filter(({ type }) => type === 'RST_STREAM')).toHaveLength(5000 - 128)
    expect(connection.state).toBe('open')
  })

  test('is none when our SETTINGS were acknowledged', () => {
    const conversation = new Conversation()
    const ids = Array.from({ length: 1500 }, (_, index) => stream(index))
    conversation.send(...ids.map((id) => getRequest(id)))
    expect(conversation.connection.error?.code).toBe('ENHANCE_YOUR_CALM')
  })
})

describe('a client that sends a frame without effect with each request', () => {
  test.each<[string, (id: number) => OctetVector]>([
    ['PRIORITY', (id) => concatenate(priorityFrame(id), getRequest(id))],
    ['PRIORITY_UPDATE', (id) => concatenate(priorityUpdateFrame(id, 'u=1'), getRequest(id))],
    [
      'WINDOW_UPDATE of a response without content',
      (id) => concatenate(getRequest(id), windowUpdateFrame(id, 1000)),
    ],
    [
      'an empty DATA frame before the last',
      (id) =>
        concatenate(
          headersFrame(id, GET_BLOCK),
          dataFrame(id, ''),
          dataFrame(id, '', { endStream: true }),
        ),
    ],
    [
      'RST_STREAM behind the response',
      (id) => concatenate(getRequest(id), rstStreamFrame(id, 'CANCEL')),
    ],
  ])('is served as long as it likes: %s', (_, framesOf) => {
    const conversation = new Conversation({
      app: (_, response) => response.send(204),
      limits: { idleFrameBurst: 50 },
    })
    for (let index = 0; index < 1000; index++) conversation.send(framesOf(stream(index)))
    expect(conversation.connection.state).toBe('open')
    // The allowance of many requests is limited to a burst.
    for (let count = 0; count < 51; count++) conversation.send(priorityFrame(1))
    expect(conversation.connection.error?.code).toBe('ENHANCE_YOUR_CALM')
  })
})

test('uploads that are rejected at once may go on as far as their windows allow', () => {
  const conversation = new Conversation({
    app: (_, response) => response.send(413),
    limits: { idleFrameBurst: 100 },
  })
  for (let index = 0; index < 120; index++) {
    const id = stream(index)
    const parts = Array.from({ length: 256 }, () => dataFrame(id, 'a'.repeat(1024)))
    conversation.receive(concatenate(headersFrame(id, GET_BLOCK), ...parts))
    conversation.take()
    expect(conversation.connection.state).toBe('open')
  }
})

describe('DATA on streams that were reset is counted', () => {
  /** How many DATA frames of a stream don't count. */
  function freeFrames(length: number, ...frames: readonly OctetVector[]): number {
    const conversation = new Conversation({
      app: (_, response) => response.reset(),
      limits: { idleFrameBurst: 10 },
    })
    conversation.send(...frames)
    const frame = dataFrame(1, 'a'.repeat(length))
    let sent = 0
    while (conversation.connection.state === 'open' && sent < 100_000) {
      conversation.send(frame)
      sent++
    }
    return sent - 11
  }

  test('beyond what the window allowed', () => {
    expect(freeFrames(1024, headersFrame(1, GET_BLOCK))).toBe(256)
  })

  test('if it is tiny, as 128 octets', () => {
    expect(freeFrames(1, headersFrame(1, GET_BLOCK))).toBe(2048)
  })

  test('if the request was complete', () => {
    expect(freeFrames(1024, getRequest(1))).toBe(0)
  })

  test('beyond the windows of as many streams as may be open', () => {
    const bad = Array.from({ length: 500 }, (_, index) =>
      request(stream(index), BAD_PATH, { open: true }),
    )
    expect(freeFrames(16_384, ...bad)).toBe((128 * 262_144) / 16_384)
  })
})

describe('a client that does not read', () => {
  /** A conversation with more waiting output than allowed. */
  function full(maxConcurrentStreams = 128): Conversation {
    const conversation = new Conversation({
      limits: { maxWaitingOutput: 1000, maxConcurrentStreams },
      settings: { INITIAL_WINDOW_SIZE: 2 ** 31 - 1 },
    })
    conversation.send(headersFrame(1, GET_BLOCK), getRequest(3))
    conversation.last.response.send(200, {}, 'a'.repeat(2000))
    return conversation
  }

  test('may send all that its windows allow', async () => {
    const conversation = full()
    const upload = conversation.exchanges[0]!.request
    const whole = upload.body.octets()
    for (let sent = 0; sent < 262_144; sent += 1024) {
      conversation.receive(dataFrame(1, 'a'.repeat(1024)))
      expect(conversation.connection.holdsInput).toBe(false)
    }
    conversation.receive(dataFrame(1, '', { endStream: true }))
    expect((await whole).length).toBe(262_144)
  })

  test('reaches no handler with further requests before output is taken, in their order', async () => {
    const conversation = full()
    conversation.receive(concatenate(getRequest(5), headersFrame(7, GET_BLOCK)))
    conversation.receive(dataFrame(7, 'abc', { endStream: true }))
    expect(conversation.exchanges).toHaveLength(2)
    conversation.take()
    expect(conversation.exchanges).toHaveLength(4)
    expect(await conversation.last.request.body.text()).toBe('abc')
  })

  test('may give up a request that waits for its handler, which frees its memory', () => {
    const conversation = full()
    conversation.receive(concatenate(getRequest(5), rstStreamFrame(5)))
    conversation.take()
    expect(conversation.exchanges).toHaveLength(2)
  })

  test('is no more read when it sends more requests than may be open, until output is taken', () => {
    const conversation = full(2)
    const { connection } = conversation
    connection.receive(getRequest(5))
    expect(connection.holdsInput).toBe(false)
    connection.receive(getRequest(7))
    expect(connection.holdsInput).toBe(true)
    const frames = conversation.take()
    expect(connection.holdsInput).toBe(false)
    expect(frames.at(-1)).toMatchObject({ streamId: 7, errorCode: 'REFUSED_STREAM' })
  })

  test('is no more read when answers that need no handler fill 64 KiB', () => {
    const { connection } = full()
    let sent = 0
    while (!connection.holdsInput && sent < 10_000) {
      connection.receive(request(stream(2 + sent++), BAD_PATH))
    }
    expect(connection.holdsInput).toBe(true)
    expect(connection.takeOutput()?.length).toBeLessThan(1000 + 2 * 65_536)
  })
})
