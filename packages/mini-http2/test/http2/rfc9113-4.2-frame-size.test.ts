import { describe, expect, test } from 'vitest'
import {
  continuationFrame,
  dataFrame,
  frameHeader,
  goawayFrame,
  headersFrame,
  pingFrame,
  priorityFrame,
  rawFrame,
  rstStreamFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  Conversation,
  expectConnectionError,
  expectIgnored,
  expectStreamError,
} from '../support/http2'
import { GET_BLOCK } from '../support/requests'

const open = headersFrame(1, GET_BLOCK)

describe('frames of 16,384 octets are accepted:', () => {
  test('DATA', () => {
    expectIgnored(open, dataFrame(1, new Uint8Array(16_384)))
  })

  test('an unknown type', () => {
    expectIgnored(rawFrame(0xbb, 0, 0, new Uint8Array(16_384)))
  })

  test('HEADERS, padded', () => {
    const block = new Uint8Array(16_384 - 1 - 255).fill(0x82)
    const { frames, error } = answersTo(AT_ONCE, headersFrame(1, block, { padding: 255 }))
    // The size is valid, but 16,128 fields are too many: the response is 431.
    expect(error).toBeUndefined()
    expect(frames).toMatchObject([
      { type: 'HEADERS', streamId: 1 },
      { type: 'RST_STREAM', errorCode: 'NO_ERROR' },
    ])
  })
})

describe('a larger frame is a connection error FRAME_SIZE_ERROR, as soon as its header is there:', () => {
  test.each([0x00, 0x01, 0x04, 0x09, 0xbb])('type %i with 16,385 octets', (type) => {
    const conversation = new Conversation()
    conversation.send(open)
    expect(conversation.send(frameHeader(16_385, type, 0, 1))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'FRAME_SIZE_ERROR' },
    ])
  })

  test('any type with 2^24 - 1 octets', () => {
    expectConnectionError('FRAME_SIZE_ERROR', frameHeader(2 ** 24 - 1, 0xff, 0, 0))
  })
})

describe('a frame of a wrong size is a FRAME_SIZE_ERROR:', () => {
  test.each([
    ['RST_STREAM of 3 octets', rawFrame(0x03, 0, 1, 'abc')],
    ['RST_STREAM of 5 octets', rawFrame(0x03, 0, 1, 'abcde')],
    ['SETTINGS of 5 octets', rawFrame(0x04, 0, 0, 'abcde')],
    ['SETTINGS of 7 octets', rawFrame(0x04, 0, 0, 'abcdefg')],
    ['SETTINGS with ACK of 6 octets', rawFrame(0x04, 1, 0, 'abcdef')],
    ['PING of 7 octets', pingFrame('1234567')],
    ['PING of 9 octets', pingFrame('123456789')],
    ['GOAWAY of 7 octets', rawFrame(0x07, 0, 0, '1234567')],
    ['WINDOW_UPDATE of 3 octets', rawFrame(0x08, 0, 0, 'abc')],
    ['WINDOW_UPDATE of 5 octets', rawFrame(0x08, 0, 1, 'abcde')],
    ['PRIORITY_UPDATE of 3 octets', rawFrame(0x10, 0, 0, 'abc')],
    ['padded DATA of no octets', rawFrame(0x00, 0x08, 1)],
    ['padded HEADERS of no octets', rawFrame(0x01, 0x0c, 3)],
    ['HEADERS with priority of 4 octets', rawFrame(0x01, 0x24, 3, 'abcd')],
  ])('%s, of the connection', (_, frame) => {
    expectConnectionError('FRAME_SIZE_ERROR', open, frame)
  })

  test.each([
    ['PRIORITY of 4 octets', rawFrame(0x02, 0, 1, 'abcd')],
    ['PRIORITY of 6 octets', rawFrame(0x02, 0, 1, 'abcdef')],
  ])('%s, of the stream', (_, frame) => {
    expectStreamError(1, 'FRAME_SIZE_ERROR', open, frame)
  })
})

test('frames of the smallest sizes are accepted', () => {
  const { state, error } = answersTo(
    AT_ONCE,
    open,
    dataFrame(1),
    priorityFrame(1),
    windowUpdateFrame(1, 1),
    rstStreamFrame(1),
    settingsFrame(),
    headersFrame(3, GET_BLOCK, { endHeaders: false, endStream: true }),
    continuationFrame(3, ''),
    goawayFrame(),
  )
  expect({ state, error }).toEqual({ state: 'closed', error: undefined })
})

describe('what is sent keeps to SETTINGS_MAX_FRAME_SIZE of the client:', () => {
  const long = 'x'.repeat(40_000)

  test('a header block goes on in CONTINUATION frames', () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK, { endStream: true }))
    conversation.last.response.send(200, { 'x-long': long })
    const frames = conversation.take()
    expect(frames.map(({ type, flags }) => [type, ...flags])).toEqual([
      ['HEADERS', 'END_STREAM'],
      ['CONTINUATION'],
      ['CONTINUATION', 'END_HEADERS'],
    ])
    for (const frame of frames) {
      if (frame.type === 'HEADERS' || frame.type === 'CONTINUATION') {
        expect(frame.length).toBeLessThanOrEqual(16_384)
      }
    }
  })

  test('in fewer if the client accepts larger frames', () => {
    const conversation = new Conversation({ settings: { MAX_FRAME_SIZE: 100_000 } })
    conversation.send(headersFrame(1, GET_BLOCK, { endStream: true }))
    conversation.last.response.send(200, { 'x-long': long })
    expect(conversation.take()).toMatchObject([{ flags: ['END_STREAM', 'END_HEADERS'] }])
  })

  test('DATA frames have at most 16,384 octets', () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK, { endStream: true }))
    conversation.last.response.send(200, {}, new Uint8Array(60_000))
    let total = 0
    for (const frame of conversation.take()) {
      if (frame.type !== 'DATA') continue
      expect(frame.length).toBeLessThanOrEqual(16_384)
      total += frame.length
    }
    expect(total).toBe(60_000)
  })
})
