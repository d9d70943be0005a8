import type { OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { CLIENT_PREFACE } from '../../src/frames'
import { encodeWithoutDynamicTable } from '../../src/hpack'
import {
  conversationAt1000,
  expectAt,
  expectNothingFor,
  SHORT_LIMITS as limits,
} from '../support/conversation-in-time'
import { takeAll } from '../support/exchange'
import {
  continuationFrame,
  dataFrame,
  headersFrame,
  pingFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { AT_ONCE, type Conversation, dataLength } from '../support/http2'
import { http2Connection, POST } from '../support/http2-messages'
import { parseFrames } from '../support/parse-frames'
import { CLIENT_OPENING, GET_BLOCK, getRequest } from '../support/requests'

/** Expects that streams are reset at a time and not before; returns them. */
function resetsAt(conversation: Conversation, time: number): number[] {
  conversation.connection.tick(time - 1)
  expect(conversation.take()).toEqual([])
  conversation.connection.tick(time)
  const frames = conversation.take()
  for (const frame of frames) expect(frame).toMatchObject({ errorCode: 'CANCEL' })
  return frames.map(({ streamId }) => streamId)
}

describe('prefaceTimeout', () => {
  test('ends a connection whose preface is not complete, whatever has come of it', () => {
    const connection = http2Connection(AT_ONCE, { limits })
    connection.tick(90)
    connection.receive(CLIENT_PREFACE.subarray(0, 23))
    expect(connection.deadline).toBe(100)
    connection.tick(99)
    expect(connection.state).toBe('open')
    connection.tick(100)
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'SETTINGS' },
      { type: 'WINDOW_UPDATE' },
      { type: 'GOAWAY', errorCode: 'PROTOCOL_ERROR' },
    ])
    expect(connection.error?.message).toBe('The client preface did not arrive within 100 ms.')
    expect(connection.deadline).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('settingsTimeout', () => {
  test('ends a connection whose client does not acknowledge our SETTINGS: SETTINGS_TIMEOUT', () => {
    const connection = http2Connection(AT_ONCE, { limits })
    connection.tick(50)
    connection.receive(CLIENT_OPENING)
    takeAll(connection)
    connection.tick(200)
    connection.receive(settingsFrame())
    takeAll(connection)
    expect(connection.deadline).toBe(250)
    connection.tick(249)
    expect(connection.state).toBe('open')
    connection.tick(250)
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'SETTINGS_TIMEOUT' },
    ])
    expect(connection.error?.code).toBe('SETTINGS_TIMEOUT')
  })

  test('is over with the acknowledgement', () => {
    const connection = http2Connection(AT_ONCE, { limits })
    connection.receive(CLIENT_OPENING)
    connection.receive(settingsAckFrame())
    takeAll(connection)
    expect(connection.deadline).toBe(10_000)
  })
})

describe('headerBlockTimeout', () => {
  test('ends a connection whose client begins a header block and does not end it: ENHANCE_YOUR_CALM', () => {
    const conversation = conversationAt1000()
    conversation.send(headersFrame(1, GET_BLOCK, { endHeaders: false }))
    expect(expectAt(conversation, 1300)).toMatchObject([
      { type: 'GOAWAY', errorCode: 'ENHANCE_YOUR_CALM' },
    ])
    expect(conversation.connection.error?.message).toBe(
      'A header block was not complete within 300 ms.',
    )
  })

  test('also inside a frame', () => {
    const conversation = conversationAt1000()
    conversation.send(getRequest(1).subarray(0, 12))
    expect(expectAt(conversation, 1300)).toMatchObject([{ errorCode: 'ENHANCE_YOUR_CALM' }])
  })

  test('is not put off by more of the same block', () => {
    const conversation = conversationAt1000()
    conversation.send(headersFrame(1, GET_BLOCK, { endHeaders: false }))
    conversation.connection.tick(1200)
    conversation.send(continuationFrame(1, '', { endHeaders: false }))
    expect(expectAt(conversation, 1300)).toMatchObject([{ errorCode: 'ENHANCE_YOUR_CALM' }])
  })

  test('begins again with the next block', () => {
    const conversation = conversationAt1000()
    const begun = (id: number) => headersFrame(id, GET_BLOCK, { endHeaders: false })
    conversation.send(begun(1))
    conversation.connection.tick(1200)
    conversation.send(continuationFrame(1, ''), begun(3))
    expect(conversation.connection.deadline).toBe(1500)
  })

  test('is over when the block is complete', () => {
    const conversation = conversationAt1000()
    conversation.send(getRequest(1).subarray(0, 12))
    conversation.send(getRequest(1).subarray(12))
    expect(conversation.connection.deadline).toBe(11_000)
  })

  test('also holds for input that had to wait for room in the output', () => {
    const conversation = conversationAt1000({
      app: AT_ONCE,
      limits: { ...limits, maxWaitingOutput: 1 },
    })
    conversation.send(
      getRequest(1),
      getRequest(3),
      headersFrame(5, GET_BLOCK, { endHeaders: false }),
    )
    expect(expectAt(conversation, 1300)).toMatchObject([{ errorCode: 'ENHANCE_YOUR_CALM' }])
  })
})

describe('idleTimeout', () => {
  test('drains a connection without open streams, and ends it if the client does not answer', () => {
    const conversation = conversationAt1000({ app: AT_ONCE })
    conversation.send(getRequest(1))
    expect(expectAt(conversation, 11_000)).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 2 ** 31 - 1, errorCode: 'NO_ERROR' },
      { type: 'PING' },
    ])
    expect(expectAt(conversation, 11_500)).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 1, errorCode: 'NO_ERROR' },
    ])
    expect(conversation.connection).toMatchObject({ state: 'closed', error: undefined })
  })

  test('is put off by each octet of the client', () => {
    const conversation = conversationAt1000()
    conversation.connection.tick(5000)
    conversation.send(pingFrame().subarray(0, 1))
    expect(conversation.connection.deadline).toBe(15_000)
  })

  test('ends no connection whose client awaits a response', () => {
    const conversation = conversationAt1000()
    conversation.send(getRequest(1))
    expectNothingFor(conversation, 1_000_000)
  })

  test('ends no connection on which a response is under way before its request is complete', () => {
    const conversation = conversationAt1000()
    conversation.send(headersFrame(1, GET_BLOCK))
    conversation.last.response.writeHead(200)
    conversation.take()
    expectNothingFor(conversation, 1_000_000)
  })

  test('ends no connection whose client may not send more before the handler reads', () => {
    const conversation = conversationAt1000({ limits: { ...limits, streamWindowSize: 10 } })
    conversation.send(settingsAckFrame(), headersFrame(1, GET_BLOCK), dataFrame(1, '0123456789'))
    expectNothingFor(conversation, 1_000_000)
  })

  test('resets requests of which nothing more comes, and drains: CANCEL', () => {
    const conversation = conversationAt1000()
    conversation.send(headersFrame(1, GET_BLOCK), headersFrame(3, GET_BLOCK))
    const { signal } = conversation.last.request
    expect(expectAt(conversation, 11_000)).toMatchObject([
      { type: 'RST_STREAM', streamId: 1, errorCode: 'CANCEL' },
      { type: 'RST_STREAM', streamId: 3, errorCode: 'CANCEL' },
      { type: 'GOAWAY', errorCode: 'NO_ERROR' },
      { type: 'PING' },
    ])
    expect(signal.aborted).toBe(true)
  })

  test('begins when the response of a long request is taken', () => {
    const conversation = conversationAt1000()
    conversation.send(getRequest(1))
    conversation.connection.tick(50_000)
    conversation.last.response.send(200)
    conversation.take()
    expect(conversation.connection.deadline).toBe(60_000)
  })
})

describe('stalledResponseTimeout', () => {
  function stalled(): Conversation {
    const conversation = conversationAt1000({ settings: { INITIAL_WINDOW_SIZE: 10 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'a'.repeat(100))
    conversation.take()
    return conversation
  }

  test('resets a stream whose client does not open its window: CANCEL', () => {
    const conversation = stalled()
    const { signal } = conversation.last.request
    expect(expectAt(conversation, 1500)).toMatchObject([
      { type: 'RST_STREAM', streamId: 1, errorCode: 'CANCEL' },
    ])
    expect(signal.aborted).toBe(true)
    expect(conversation.connection.state).toBe('open')
  })

  test('is put off when some of the response is sent', () => {
    const conversation = conversationAt1000({ settings: { INITIAL_WINDOW_SIZE: 10 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'a'.repeat(1000))
    conversation.connection.tick(1400)
    expect(dataLength(conversation.send(windowUpdateFrame(1, 100)), 1)).toBe(110)
    conversation.connection.tick(1500)
    expect(conversation.take()).toEqual([])
    expect(resetsAt(conversation, 1900)).toEqual([1])
  })

  test('is put off by minDataRate bytes a second at least: ENHANCE_YOUR_CALM', () => {
    const conversation = stalled()
    // 10 octets in 100 ms would be too few, but they are in time up to here.
    for (let now = 1100; now <= 1500; now += 100) {
      conversation.connection.tick(now)
      expect(dataLength(conversation.send(windowUpdateFrame(1, 1)), 1)).toBe(1)
    }
    // Five octets make up for 20 ms.
    conversation.connection.tick(1519)
    expect(conversation.connection.state).toBe('open')
    conversation.connection.tick(1520)
    expect(conversation.connection.error).toMatchObject({
      code: 'ENHANCE_YOUR_CALM',
      message: 'The client took less than 250 bytes per second of waiting responses for 500 ms.',
    })
  })

  test('lets a client go on for ever that takes as much', () => {
    const conversation = conversationAt1000({ settings: { INITIAL_WINDOW_SIZE: 0 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'a'.repeat(10_000))
    conversation.take()
    for (let now = 1100; now <= 20_000; now += 100) {
      conversation.connection.tick(now)
      expect(dataLength(conversation.send(windowUpdateFrame(1, 25)), 1)).toBe(25)
    }
    expect(conversation.connection.state).toBe('open')
  })

  test('begins anew with a response that waits when none did', () => {
    const conversation = stalled()
    conversation.send(windowUpdateFrame(1, 90))
    conversation.connection.tick(1490)
    conversation.send(getRequest(3))
    conversation.last.response.send(200, {}, 'a'.repeat(100))
    expect(dataLength(conversation.take(), 3)).toBe(10)
    expect(resetsAt(conversation, 1990)).toEqual([3])
    expect(conversation.connection.state).toBe('open')
  })

  test('is not put off by a window that opens where another one is closed', () => {
    const conversation = conversationAt1000()
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, new Uint8Array(100_000))
    conversation.take()
    conversation.connection.tick(1400)
    conversation.send(windowUpdateFrame(1, 1000))
    expect(expectAt(conversation, 1500)).toMatchObject([{ errorCode: 'CANCEL' }])
  })

  test('is not put off by an application that writes on', () => {
    const conversation = conversationAt1000({ settings: { INITIAL_WINDOW_SIZE: 10 } })
    conversation.send(getRequest(1))
    const { response } = conversation.last
    response.writeHead(200)
    response.write('a'.repeat(100))
    conversation.take()
    conversation.connection.tick(1400)
    response.write('abc')
    expect(expectAt(conversation, 1500)).toMatchObject([{ errorCode: 'CANCEL' }])
  })

  test('wakes an application that waits, and what it writes then has no effect', async () => {
    const conversation = conversationAt1000({ settings: { INITIAL_WINDOW_SIZE: 10 } })
    conversation.send(getRequest(1))
    const { response } = conversation.last
    response.writeHead(200)
    expect(response.write('a'.repeat(100_000))).toBe(false)
    conversation.take()
    const drained = response.drained()
    conversation.connection.tick(1500)
    await drained
    response.write('abc')
    response.end()
    expect(conversation.take()).toMatchObject([{ type: 'RST_STREAM' }])
  })

  test('does not run while the application has nothing to send', () => {
    const conversation = conversationAt1000()
    conversation.send(getRequest(1))
    conversation.last.response.writeHead(200)
    conversation.last.response.write('abc')
    conversation.take()
    expect(conversation.connection.deadline).toBe(11_000)
  })

  test('asks a client to stop whose request goes on behind the response: NO_ERROR', () => {
    const conversation = conversationAt1000({ app: AT_ONCE })
    conversation.send(headersFrame(1, GET_BLOCK), dataFrame(1, 'abc'))
    expect(expectAt(conversation, 1500)).toMatchObject([
      { type: 'RST_STREAM', streamId: 1, errorCode: 'NO_ERROR' },
    ])
  })

  test('ends one stream after the other, each at its time', () => {
    const conversation = stalled()
    conversation.connection.tick(1200)
    conversation.send(getRequest(3))
    conversation.last.response.send(200, {}, 'a'.repeat(100))
    conversation.take()
    expect(expectAt(conversation, 1500)).toMatchObject([{ streamId: 1, errorCode: 'CANCEL' }])
    expect(expectAt(conversation, 1700)).toMatchObject([{ streamId: 3, errorCode: 'CANCEL' }])
  })
})

describe('stalledRequestTimeout', () => {
  function upload(streamId: number, contentLength = 100): OctetVector {
    const fields = [...POST, ['content-length', String(contentLength)] as const]
    return headersFrame(streamId, encodeWithoutDynamicTable(fields))
  }

  function slowly(conversation: Conversation, streamId: number, octets: string): void {
    for (let now = 1100; now <= 1500; now += 100) {
      conversation.connection.tick(now)
      expect(conversation.send(dataFrame(streamId, octets))).toEqual([])
    }
  }

  test('resets requests whose announced bodies the client does not send: CANCEL', () => {
    const conversation = conversationAt1000()
    conversation.send(upload(1), upload(3))
    expect(expectAt(conversation, 1500)).toMatchObject([
      { type: 'RST_STREAM', streamId: 1, errorCode: 'CANCEL' },
      { type: 'RST_STREAM', streamId: 3, errorCode: 'CANCEL' },
    ])
    expect(conversation.connection.state).toBe('open')
  })

  test('is put off by minDataRate bytes a second at least', () => {
    const conversation = conversationAt1000()
    conversation.send(upload(1))
    slowly(conversation, 1, 'x')
    // Five octets make up for 20 ms.
    expect(resetsAt(conversation, 1520)).toEqual([1])
  })

  test('counts what the client sends on all streams', () => {
    const conversation = conversationAt1000()
    conversation.send(upload(1), upload(3, 10_000))
    slowly(conversation, 3, 'x'.repeat(24))
    conversation.connection.tick(1600)
    expect(conversation.take()).toEqual([])
  })

  test('begins anew with a body when none was owed', () => {
    const conversation = conversationAt1000()
    conversation.send(upload(1), dataFrame(1, 'x'.repeat(100), { endStream: true }))
    conversation.connection.tick(1490)
    conversation.send(upload(3))
    expect(resetsAt(conversation, 1990)).toEqual([3])
  })

  test.each([
    ['of unknown length', [], ''],
    [
      'that waits for a 100 response',
      [
        ['content-length', '100'],
        ['expect', '100-continue'],
      ],
      '',
    ],
    ['whose window is closed', [['content-length', '500000']], 'x'.repeat(10_000)],
  ] as const)('does not run for a body %s', (_, fields, chunk) => {
    const conversation = conversationAt1000({ limits: { ...limits, streamWindowSize: 10_000 } })
    conversation.send(headersFrame(1, encodeWithoutDynamicTable([...POST, ...fields])))
    if (chunk !== '') conversation.send(dataFrame(1, chunk))
    conversation.connection.tick(1600)
    expect(conversation.take()).toEqual([])
  })
})

test('output that a client does not take for stalledResponseTimeout ends the connection, though it talks', () => {
  const conversation = conversationAt1000()
  conversation.receive(pingFrame())
  for (const time of [1100, 1200, 1300, 1400, 1499]) {
    conversation.connection.tick(time)
    conversation.receive(pingFrame())
    expect(conversation.connection.state).toBe('open')
  }
  expect(conversation.connection.deadline).toBe(1500)
  conversation.connection.tick(1500)
  expect(conversation.connection.error).toMatchObject({
    code: 'ENHANCE_YOUR_CALM',
    message: 'The client took too little of the waiting output for 500 ms.',
  })
})

test('a tick before the deadline has no effect, however often it comes', () => {
  const conversation = conversationAt1000()
  for (let now = 1000; now < 10_000; now += 100) conversation.connection.tick(now)
  expect(conversation.take()).toEqual([])
  expect(conversation.connection.state).toBe('open')
})
