import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { prebuildResponse, type ServerRequest } from '../../src'
import { dataFrame, headersFrame, settingsFrame, windowUpdateFrame } from '../support/frames'
import { Conversation, dataLength, dataLengths } from '../support/http2'
import { HEAD, request } from '../support/http2-messages'
import { GET_BLOCK, getRequest } from '../support/requests'

const MEBIOCTET = 1_048_576

/** Opens the connection's window so far that only the windows of streams matter. */
const OPEN_CONNECTION = windowUpdateFrame(0, 2 ** 30)

describe('what is sent keeps to the windows of the client:', () => {
  test('a connection has 65,535 octets at first, and so has each stream', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, new Uint8Array(100_000))
    expect(dataLength(conversation.take(), 1)).toBe(65_535)
    expect(conversation.send(windowUpdateFrame(1, 1000))).toEqual([])
    expect(dataLength(conversation.send(windowUpdateFrame(0, 600)), 1)).toBe(600)
    expect(dataLength(conversation.send(windowUpdateFrame(0, 600)), 1)).toBe(400)
    expect(conversation.send(windowUpdateFrame(0, 1000))).toEqual([])
  })

  test('SETTINGS_INITIAL_WINDOW_SIZE is that of each new stream, not that of the connection', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 40_000 } })
    conversation.send(getRequest(1), getRequest(3))
    for (const { response } of conversation.exchanges) {
      response.send(200, {}, new Uint8Array(50_000))
    }
    const frames = conversation.take()
    expect(dataLength(frames, 1) + dataLength(frames, 3)).toBe(65_535)
    const more = conversation.send(OPEN_CONNECTION)
    expect(dataLength(frames, 1) + dataLength(more, 1)).toBe(40_000)
    expect(dataLength(frames, 3) + dataLength(more, 3)).toBe(40_000)
  })

  test('with a window of 1 octet, a frame has 1 octet', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 1 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'abc')
    expect(conversation.take()).toMatchObject([
      { type: 'HEADERS', flags: ['END_HEADERS'] },
      { type: 'DATA', length: 1, flags: [] },
    ])
    expect(conversation.send(windowUpdateFrame(1, 1))).toMatchObject([{ length: 1, flags: [] }])
    expect(conversation.send(windowUpdateFrame(1, 9))).toMatchObject([
      { length: 1, flags: ['END_STREAM'] },
    ])
  })

  test('HEADERS need no window', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 0 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, { 'x-long': 'x'.repeat(1000) })
    expect(conversation.take()).toMatchObject([
      { type: 'HEADERS', flags: ['END_STREAM', 'END_HEADERS'] },
    ])
  })

  test('an empty DATA frame with END_STREAM needs no window', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 0 } })
    conversation.send(getRequest(1))
    conversation.last.response.writeHead(200)
    conversation.last.response.end()
    expect(conversation.take()).toMatchObject([
      { type: 'HEADERS' },
      { type: 'DATA', length: 0, flags: ['END_STREAM'] },
    ])
  })

  test('nor does it with a negative one', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    const { response } = conversation.last
    response.writeHead(200)
    response.write('abc')
    conversation.take()
    conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }))
    response.end()
    expect(conversation.take()).toMatchObject([{ type: 'DATA', length: 0, flags: ['END_STREAM'] }])
  })

  test('nor with the window of the connection used up', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1), getRequest(3))
    const [first, second] = conversation.exchanges
    first?.response.send(200, {}, new Uint8Array(100_000))
    conversation.take()
    second?.response.writeHead(200)
    second?.response.end(undefined, { 'x-test': 'one' })
    expect(conversation.take()).toMatchObject([
      { type: 'HEADERS', streamId: 3 },
      { type: 'HEADERS', streamId: 3, flags: ['END_STREAM', 'END_HEADERS'] },
    ])
  })

  test('trailers come behind the last octet, though that waits', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 2 } })
    conversation.send(getRequest(1))
    conversation.last.response.writeHead(200)
    conversation.last.response.end('abc', { 'x-test': 'one' })
    expect(conversation.take()).toMatchObject([{ type: 'HEADERS' }, { type: 'DATA', length: 2 }])
    expect(conversation.send(windowUpdateFrame(1, 5))).toMatchObject([
      { type: 'DATA', length: 1, flags: [] },
      { type: 'HEADERS', flags: ['END_STREAM', 'END_HEADERS'] },
    ])
  })

  test('a prebuilt response waits as any other', () => {
    const prebuilt = prebuildResponse({ body: 'Hello World\n' })
    const conversation = new Conversation({ app: prebuilt, settings: { INITIAL_WINDOW_SIZE: 5 } })
    expect(dataLengths(conversation.send(getRequest(1)), 1)).toEqual([5])
    expect(conversation.send(windowUpdateFrame(1, 100))).toMatchObject([
      { type: 'DATA', length: 7, flags: ['END_STREAM'] },
    ])
  })

  test('a response to HEAD has no DATA, so it waits for nothing', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 0 } })
    conversation.send(request(1, HEAD))
    conversation.last.response.send(200, {}, 'abc')
    expect(conversation.take()).toMatchObject([
      { type: 'HEADERS', flags: ['END_STREAM', 'END_HEADERS'] },
    ])
  })

  test('what the application writes in parts is sent in order, and none of it twice', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 0 } })
    conversation.send(getRequest(1))
    const { response } = conversation.last
    response.writeHead(200)
    const parts = Array.from({ length: 100 }, (_, index) => `part ${index}, `)
    for (const part of parts) response.write(part)
    response.end()
    let text = ''
    let ended = false
    for (let count = 0; !ended && count < 2000; count++) {
      for (const frame of conversation.send(windowUpdateFrame(1, 1 + (count % 13)))) {
        if (frame.type !== 'DATA') continue
        text += Buffer.from(frame.data).toString()
        ended = frame.flags.includes('END_STREAM')
      }
    }
    expect(text).toBe(parts.join(''))
  })
})

describe('large bodies share the connection fairly:', () => {
  test('streams of one urgency take turns of one frame each', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: MEBIOCTET } })
    conversation.send(OPEN_CONNECTION, getRequest(1), getRequest(3), getRequest(5))
    for (const { response } of conversation.exchanges) {
      response.send(200, {}, new Uint8Array(200_000))
    }
    const ids = conversation
      .take()
      .flatMap(({ type, streamId }) => (type === 'DATA' ? [streamId] : []))
    expect(ids.length).toBeGreaterThan(30)
    // While all of them have something to send.
    for (let turn = 3; turn < 30; turn++) expect(ids[turn]).toBe(ids[turn - 3])
  })

  test('a small response is not held up by large ones that began before', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 10 * MEBIOCTET } })
    conversation.send(OPEN_CONNECTION, getRequest(1))
    conversation.last.response.send(200, {}, new Uint8Array(10 * MEBIOCTET))
    conversation.connection.takeOutput()
    conversation.receive(getRequest(3))
    conversation.last.response.send(200, {}, 'abc')
    const frames = conversation.take()
    const behind = frames.findIndex(
      ({ streamId, flags }) => streamId === 3 && flags.includes('END_STREAM'),
    )
    expect(behind).toBeGreaterThanOrEqual(0)
    expect(dataLength(frames.slice(0, behind), 1)).toBeLessThanOrEqual(65_536)
  })

  test('a stream whose window is closed holds up no other', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 10 } })
    conversation.send(getRequest(1), getRequest(3))
    const [first, second] = conversation.exchanges
    first?.response.send(200, {}, new Uint8Array(100))
    second?.response.send(200, {}, new Uint8Array(5))
    const frames = conversation.take()
    expect(dataLength(frames, 1)).toBe(10)
    expect(dataLength(frames, 3)).toBe(5)
  })

  test('one run of output has at most 262,144 octets', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 10 * MEBIOCTET } })
    conversation.send(OPEN_CONNECTION, getRequest(1))
    conversation.last.response.send(200, {}, new Uint8Array(MEBIOCTET))
    const { connection } = conversation
    for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
      expect(run.length).toBeLessThanOrEqual(262_144)
    }
  })
})

describe('what is received keeps to the windows of the server:', () => {
  const limits = { streamWindowSize: 100_000, connectionWindowSize: 150_000 }
  const open = (streamId: number) => headersFrame(streamId, GET_BLOCK)
  const data = (streamId: number, length: number) => dataFrame(streamId, new Uint8Array(length))

  /** DATA of this length, in frames of at most 10,000 octets. */
  function manyData(streamId: number, length: number): Uint8Array {
    const frames: Uint8Array[] = []
    for (let left = length; left > 0; left -= 10_000)
      frames.push(data(streamId, Math.min(left, 10_000)))
    return concatenate(...frames)
  }

  test('a stream may be used up to its last octet; one more is a stream error FLOW_CONTROL_ERROR', () => {
    const conversation = new Conversation({ limits })
    conversation.send(open(1))
    const answers = conversation.send(manyData(1, 100_000))
    expect(answers.filter(({ type }) => type !== 'WINDOW_UPDATE')).toEqual([])
    expect(conversation.send(data(1, 1))).toMatchObject([
      { type: 'RST_STREAM', streamId: 1, errorCode: 'FLOW_CONTROL_ERROR' },
    ])
    expect(conversation.connection.state).toBe('open')
  })

  test('the window of the connection opens as octets arrive, whatever the application does', () => {
    const conversation = new Conversation({ limits })
    conversation.send(open(1), open(3), open(5))
    let increments = 0
    for (const id of [1, 3, 5]) {
      for (const frame of conversation.send(manyData(id, 100_000))) {
        expect(frame).toMatchObject({ type: 'WINDOW_UPDATE', streamId: 0 })
        if (frame.type === 'WINDOW_UPDATE') increments += frame.increment
      }
    }
    // Except less than half a window, which is not worth a frame yet.
    expect(increments).toBeGreaterThan(300_000 - 75_000)
  })

  test('the window of the connection cannot be exceeded: it opens when half of it is used up', () => {
    const conversation = new Conversation({
      limits: { streamWindowSize: 2 ** 20, connectionWindowSize: 65_535 },
    })
    conversation.send(open(1))
    let window = 65_535
    for (let count = 0; count < 60; count++) {
      window -= 16_384
      expect(window).toBeGreaterThan(0)
      for (const frame of conversation.send(data(1, 16_384))) {
        if (frame.type === 'WINDOW_UPDATE' && frame.streamId === 0) window += frame.increment
      }
    }
    expect(conversation.connection.state).toBe('open')
  })

  test('padding counts as well, and is given back at once', () => {
    const conversation = new Conversation({ limits })
    conversation.send(open(1))
    let increments = 0
    for (let count = 0; count < 1000; count++) {
      for (const frame of conversation.send(dataFrame(1, '', { padding: 255 }))) {
        if (frame.type === 'WINDOW_UPDATE' && frame.streamId === 1) increments += frame.increment
        expect(frame.type).toBe('WINDOW_UPDATE')
      }
    }
    expect(increments).toBeGreaterThan(256_000 - 50_000)
  })

  test('the window of a stream opens only as the application reads', async () => {
    const conversation = new Conversation({ limits })
    conversation.send(open(1))
    const { request } = conversation.last
    const answers = conversation.send(manyData(1, 100_000))
    expect(answers.filter(({ streamId }) => streamId === 1)).toEqual([])
    const body = request.body[Symbol.asyncIterator]()
    await body.next()
    expect(conversation.take()).toEqual([])
    for (let count = 1; count < 5; count++) await body.next()
    expect(conversation.take()).toEqual([
      { type: 'WINDOW_UPDATE', streamId: 1, flags: [], increment: 50_000 },
    ])
  })

  test('a slow handler slows its own stream only', async () => {
    const conversation = new Conversation({ limits })
    conversation.send(open(1), manyData(1, 100_000))
    conversation.send(open(3))
    const fast = readAll(conversation.last.request)
    let sent = 0
    let window = 100_000
    while (sent < 1_000_000) {
      if (window < 10_000) await new Promise(setImmediate)
      for (const frame of [...conversation.take()]) {
        if (frame.type === 'WINDOW_UPDATE' && frame.streamId === 3) window += frame.increment
      }
      if (window < 10_000) continue
      window -= 10_000
      sent += 10_000
      for (const frame of conversation.send(data(3, 10_000))) {
        if (frame.type === 'WINDOW_UPDATE' && frame.streamId === 3) window += frame.increment
        expect(frame.type).toBe('WINDOW_UPDATE')
      }
    }
    conversation.send(dataFrame(3, '', { endStream: true }))
    expect(await fast).toBe(1_000_000)
  })

  test('a stream that was ended by its client gets no WINDOW_UPDATE any more', async () => {
    const conversation = new Conversation({ limits })
    conversation.send(open(1), manyData(1, 90_000), dataFrame(1, '', { endStream: true }))
    expect(await readAll(conversation.last.request)).toBe(90_000)
    expect(conversation.take()).toEqual([])
  })

  test('nor one that was reset', async () => {
    const conversation = new Conversation({ limits })
    conversation.send(open(1), manyData(1, 90_000))
    const { request, response } = conversation.last
    response.reset()
    conversation.take()
    await expect(readAll(request)).rejects.toMatchObject({ code: 'CLIENT_GONE' })
    expect(conversation.take()).toEqual([])
  })

  test('DATA on a stream that was reset counts for the connection, which opens again', () => {
    const conversation = new Conversation({ limits })
    conversation.send(open(1))
    conversation.last.response.reset()
    conversation.take()
    expect(conversation.send(manyData(1, 80_000))).toMatchObject([
      { type: 'WINDOW_UPDATE', streamId: 0, increment: 80_000 },
    ])
  })
})

describe('a window smaller than 65,535 octets', () => {
  const limits = { streamWindowSize: 1000 }

  test('binds the client once it has acknowledged SETTINGS', () => {
    const conversation = new Conversation({ limits })
    conversation.send(headersFrame(1, GET_BLOCK), dataFrame(1, new Uint8Array(1000)))
    expect(conversation.send(dataFrame(1, 'a'))).toMatchObject([
      { type: 'RST_STREAM', errorCode: 'FLOW_CONTROL_ERROR' },
    ])
  })
})

async function readAll(request: ServerRequest): Promise<number> {
  let length = 0
  for await (const octets of request.body) length += octets.length
  return length
}
