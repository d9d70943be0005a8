import { describe, expect, test } from 'vitest'
import { type Handler, prebuildResponse } from '../../src'
import { Decoder, type HeaderField } from '../../src/hpack'
import {
  headersFrame,
  rawFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  answersWith,
  Conversation,
  dataLength,
  expectConnectionError,
  ONLY_NEXT,
} from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

const LARGEST_WINDOW = 2 ** 31 - 1

describe('SETTINGS from the client', () => {
  test('are acknowledged, each frame, in its order among the answers', () => {
    const { frames } = answersTo(
      AT_ONCE,
      settingsFrame({ ENABLE_PUSH: 0 }),
      getRequest(1),
      settingsFrame(),
    )
    expect(frames).toMatchObject([
      { type: 'SETTINGS', flags: ['ACK'], settings: {} },
      { type: 'HEADERS' },
      { type: 'DATA' },
      { type: 'SETTINGS', flags: ['ACK'], settings: {} },
    ])
  })

  test('hold in the order in which they stand in a frame: the last value of a parameter', () => {
    const conversation = new Conversation()
    conversation.send(
      settingsFrame([
        [4, 100],
        [4, 1],
      ]),
    )
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'abc')
    expect(dataLength(conversation.take(), 1)).toBe(1)
  })

  test('hold before their acknowledgement is sent: what follows keeps to them', () => {
    const conversation = new Conversation({ app: AT_ONCE })
    const frames = conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 2 }), getRequest(1))
    expect(frames).toMatchObject([
      { type: 'SETTINGS', flags: ['ACK'] },
      { type: 'HEADERS' },
      { type: 'DATA', length: 2 },
    ])
  })

  test('are all applied, or the connection ends: a wrong value is not acknowledged', () => {
    const { frames } = answersTo(
      ONLY_NEXT,
      settingsFrame([
        [4, 100],
        [2, 2],
      ]),
    )
    expect(frames).toMatchObject([{ type: 'GOAWAY', errorCode: 'PROTOCOL_ERROR' }])
  })

  test.each([0x00, 0x07, 0x0a, 0xff, 0xfefe])(
    'with unknown parameter %i are acknowledged',
    (id) => {
      const { frames } = answersTo(ONLY_NEXT, settingsFrame([[id, 2 ** 32 - 1]]))
      expect(frames).toMatchObject([{ type: 'SETTINGS', flags: ['ACK'] }])
    },
  )

  test('with ACK are not acknowledged, and may come though none were sent', () => {
    const { frames, state } = answersTo(ONLY_NEXT, settingsAckFrame(), settingsAckFrame())
    expect(frames).toEqual([])
    expect(state).toBe('open')
  })

  test('on another stream than 0 are a connection error PROTOCOL_ERROR', () => {
    expectConnectionError('PROTOCOL_ERROR', rawFrame(0x04, 0, 1))
    expectConnectionError('PROTOCOL_ERROR', getRequest(1), rawFrame(0x04, 0, 1))
  })

  test.each([1, 5, 7, 13])('of %i octets are a connection error FRAME_SIZE_ERROR', (length) => {
    expectConnectionError('FRAME_SIZE_ERROR', rawFrame(0x04, 0, 0, new Uint8Array(length)))
  })

  test('with ACK and parameters are a connection error FRAME_SIZE_ERROR', () => {
    expectConnectionError('FRAME_SIZE_ERROR', rawFrame(0x04, 1, 0, new Uint8Array(6)))
  })
})

describe('6.5.2 values outside of their range are connection errors:', () => {
  test.each([
    ['ENABLE_PUSH', 2, 'PROTOCOL_ERROR'],
    ['ENABLE_PUSH', 2 ** 32 - 1, 'PROTOCOL_ERROR'],
    ['INITIAL_WINDOW_SIZE', 2 ** 31, 'FLOW_CONTROL_ERROR'],
    ['INITIAL_WINDOW_SIZE', 2 ** 32 - 1, 'FLOW_CONTROL_ERROR'],
    ['MAX_FRAME_SIZE', 0, 'PROTOCOL_ERROR'],
    ['MAX_FRAME_SIZE', 2 ** 14 - 1, 'PROTOCOL_ERROR'],
    ['MAX_FRAME_SIZE', 2 ** 24, 'PROTOCOL_ERROR'],
    ['ENABLE_CONNECT_PROTOCOL', 2, 'PROTOCOL_ERROR'],
    ['NO_RFC7540_PRIORITIES', 2, 'PROTOCOL_ERROR'],
  ] as const)('%s %i: %s', (name, value, code) => {
    expectConnectionError(code, settingsFrame({ [name]: value }))
  })

  test.each([
    ['ENABLE_PUSH', 0],
    ['ENABLE_PUSH', 1],
    ['MAX_CONCURRENT_STREAMS', 0],
    ['MAX_CONCURRENT_STREAMS', 2 ** 32 - 1],
    ['INITIAL_WINDOW_SIZE', 0],
    ['INITIAL_WINDOW_SIZE', LARGEST_WINDOW],
    ['MAX_FRAME_SIZE', 2 ** 14],
    ['MAX_FRAME_SIZE', 2 ** 24 - 1],
    ['HEADER_TABLE_SIZE', 0],
    ['HEADER_TABLE_SIZE', 2 ** 32 - 1],
    ['MAX_HEADER_LIST_SIZE', 0],
    ['MAX_HEADER_LIST_SIZE', 2 ** 32 - 1],
    ['NO_RFC7540_PRIORITIES', 1],
  ] as const)('but %s %i is right', (name, value) => {
    const { frames } = answersTo(ONLY_NEXT, settingsFrame({ [name]: value }))
    expect(frames).toMatchObject([{ type: 'SETTINGS', flags: ['ACK'] }])
  })
})

describe('SETTINGS_INITIAL_WINDOW_SIZE, 6.9.2,', () => {
  /** Answers a request with 100 octets, of which 3 are sent. */
  function waiting(): Conversation {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 3 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'a'.repeat(100))
    expect(dataLength(conversation.take(), 1)).toBe(3)
    return conversation
  }

  test('larger opens the windows of open streams by the difference', () => {
    const conversation = waiting()
    expect(dataLength(conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 10 })), 1)).toBe(7)
  })

  test('smaller makes them negative, and what then opens them is counted from there', () => {
    const conversation = waiting()
    conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 1 }))
    expect(dataLength(conversation.send(windowUpdateFrame(1, 2)), 1)).toBe(0)
    expect(dataLength(conversation.send(windowUpdateFrame(1, 1)), 1)).toBe(1)
  })

  test('goes from negative to positive again', () => {
    const conversation = waiting()
    conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }))
    expect(dataLength(conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 3 })), 1)).toBe(0)
    expect(dataLength(conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 5 })), 1)).toBe(2)
  })

  test('does not change the window of the connection', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 1_000_000 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, new Uint8Array(100_000))
    expect(dataLength(conversation.take(), 1)).toBe(65_535)
    expect(conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: 2_000_000 }))).toHaveLength(1)
  })

  test('that makes a window larger than 2^31 - 1 is a connection error FLOW_CONTROL_ERROR', () => {
    expectConnectionError(
      'FLOW_CONTROL_ERROR',
      headersFrame(1, GET_BLOCK),
      windowUpdateFrame(1, 100),
      settingsFrame({ INITIAL_WINDOW_SIZE: LARGEST_WINDOW }),
    )
  })

  test('up to exactly 2^31 - 1 is right', () => {
    const { state } = answersTo(
      ONLY_NEXT,
      headersFrame(1, GET_BLOCK),
      windowUpdateFrame(1, 100),
      settingsFrame({ INITIAL_WINDOW_SIZE: LARGEST_WINDOW - 100 }),
    )
    expect(state).toBe('open')
  })
})

describe('SETTINGS_HEADER_TABLE_SIZE bounds the table that responses are encoded with:', () => {
  /** The block of a response with a field that is added to the dynamic table. */
  function blockOf(conversation: Conversation, streamId: number): Uint8Array {
    conversation.send(getRequest(streamId))
    conversation.last.response.send(200, { 'x-test': 'one' })
    const [headers] = conversation.take()
    return headers?.type === 'HEADERS' ? headers.fragment : expect.unreachable()
  }

  test('without it, a field that comes again is one octet', () => {
    const conversation = new Conversation()
    const first = blockOf(conversation, 1)
    const second = blockOf(conversation, 3)
    expect(first.length - second.length).toBeGreaterThan(8)
  })

  test('0 empties the table, which the next block tells the decoder in its first octet', () => {
    const conversation = new Conversation()
    const first = blockOf(conversation, 1)
    conversation.send(settingsFrame({ HEADER_TABLE_SIZE: 0 }))
    const second = blockOf(conversation, 3)
    expect(second[0]).toBe(0x20)
    const third = blockOf(conversation, 5)
    expect(third[0]).not.toBe(0x20)
    expect(third.length).toBeGreaterThanOrEqual(first.length)
    expect(third.length).toBe(second.length - 1)
  })

  test('of several values between two blocks, the smallest and the last are told', () => {
    const conversation = new Conversation()
    const decoder = new Decoder()
    const decode = (block: Uint8Array) => {
      const result = decoder.decode(block)
      return result.state === 'decoded' ? result.fields : expect.unreachable(result.state)
    }
    decode(blockOf(conversation, 1))
    conversation.send(
      settingsFrame([
        [1, 2000],
        [1, 0],
        [1, 4096],
      ]),
    )
    const block = blockOf(conversation, 3)
    expect([...block.subarray(0, 4)]).toEqual([0x20, 0x3f, 0xe1, 0x1f])
    expect(decode(block)).toContainEqual(['x-test', 'one'] satisfies HeaderField)
  })

  test('a larger one than 4096 is not made use of', () => {
    const conversation = new Conversation({ settings: { HEADER_TABLE_SIZE: 1_000_000 } })
    const decoder = new Decoder()
    expect(decoder.decode(blockOf(conversation, 1)).state).toBe('decoded')
  })

  test('a prebuilt response tells it as well', () => {
    const app = prebuildResponse({ body: 'Hello World\n' })
    const conversation = new Conversation({ app, settings: { HEADER_TABLE_SIZE: 100 } })
    const [headers] = conversation.send(getRequest(1))
    expect(headers?.type === 'HEADERS' && [...headers.fragment.subarray(0, 2)]).toEqual([
      0x3f, 0x45,
    ])
  })
})

describe('SETTINGS_MAX_HEADER_LIST_SIZE', () => {
  test.each([0, 1, 60, 100])('of %d is advisory: a head of ordinary size goes out', (size) => {
    const app: Handler = (_, response) => {
      response.writeHead(200, { 'x-ordinary': 'x'.repeat(8192) })
      response.end('Hello World\n', { 'x-trailer': 'y'.repeat(1000) })
    }
    const { frames, state } = answersWith(
      { app },
      settingsFrame({ MAX_HEADER_LIST_SIZE: size }),
      getRequest(1),
    )
    expect(frames).toMatchObject([
      { type: 'SETTINGS', flags: ['ACK'] },
      { type: 'HEADERS', streamId: 1 },
      { type: 'DATA', streamId: 1 },
      { type: 'HEADERS', streamId: 1, flags: ['END_STREAM', 'END_HEADERS'] },
    ])
    expect(state).toBe('open')
  })

  test('of 0 leaves repeated and prebuilt heads as they are', () => {
    const prebuilt = prebuildResponse({ body: 'Hello World\n' })
    const conversation = new Conversation({ settings: { MAX_HEADER_LIST_SIZE: 0 } })
    for (const streamId of [1, 3, 5, 7]) {
      conversation.send(getRequest(streamId))
      if (streamId === 7) conversation.last.response.sendPrebuilt(prebuilt)
      else conversation.last.response.send(200, { 'x-same': '1' }, 'Hello World\n')
      expect(conversation.take()).toMatchObject([{ type: 'HEADERS' }, { type: 'DATA' }])
    }
  })

  test('binds what is larger than ordinary: it is the caller’s misuse, and the error says so', () => {
    const conversation = new Conversation({ settings: { MAX_HEADER_LIST_SIZE: 200 } })
    conversation.send(getRequest(1))
    const { response } = conversation.last
    expect(() => response.send(200, { 'x-long': 'x'.repeat(20_000) })).toThrow(
      expect.objectContaining({
        code: 'HEADER_LIST_TOO_LARGE',
        message: expect.stringMatching(/has 20\d\d\d octets.* is 200\) .* 16384/) as string,
      }),
    )
    expect(conversation.take()).toEqual([])
    response.send(200, { 'x-short': 'x' })
    expect(conversation.take()).toMatchObject([{ type: 'HEADERS' }])
  })

  test('of more than that allows as much', () => {
    const conversation = new Conversation({ settings: { MAX_HEADER_LIST_SIZE: 30_000 } })
    conversation.send(getRequest(1))
    const { response } = conversation.last
    expect(() => response.send(200, { 'x-long': 'x'.repeat(30_000) })).toThrow(
      expect.objectContaining({ code: 'HEADER_LIST_TOO_LARGE' }),
    )
    response.send(200, { 'x-long': 'x'.repeat(20_000) })
    expect(conversation.take()[0]).toMatchObject({ type: 'HEADERS' })
  })
})
