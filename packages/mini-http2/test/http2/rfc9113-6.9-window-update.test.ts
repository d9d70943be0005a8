import { describe, expect, test } from 'vitest'
import { headersFrame, rawFrame, windowUpdateFrame } from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  Conversation,
  expectConnectionError,
  expectIgnored,
  expectStreamError,
} from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

const LARGEST = 2 ** 31 - 1
const open = headersFrame(1, GET_BLOCK)

describe('WINDOW_UPDATE of 0 octets', () => {
  test('is a stream error PROTOCOL_ERROR on a stream', () => {
    expectStreamError(1, 'PROTOCOL_ERROR', open, windowUpdateFrame(1, 0))
  })

  test('is a connection error PROTOCOL_ERROR on the connection', () => {
    expectConnectionError('PROTOCOL_ERROR', windowUpdateFrame(0, 0))
  })

  test('is a connection error PROTOCOL_ERROR on an idle stream', () => {
    expectConnectionError('PROTOCOL_ERROR', windowUpdateFrame(1, 0))
  })

  test('is a stream error also on a closed stream', () => {
    const { frames, state } = answersTo(AT_ONCE, getRequest(1), windowUpdateFrame(1, 0))
    expect(frames.map(({ type }) => type)).toEqual(['HEADERS', 'DATA', 'RST_STREAM'])
    expect(frames.at(-1)).toMatchObject({ streamId: 1, errorCode: 'PROTOCOL_ERROR' })
    expect(state).toBe('open')
  })

  test('is one of 2^31 as well: the first bit is reserved', () => {
    expectConnectionError('PROTOCOL_ERROR', windowUpdateFrame(0, 2 ** 31))
  })
})

describe('a window larger than 2^31 - 1 octets', () => {
  test('is a stream error FLOW_CONTROL_ERROR on a stream', () => {
    expectStreamError(1, 'FLOW_CONTROL_ERROR', open, windowUpdateFrame(1, LARGEST))
    expectStreamError(
      1,
      'FLOW_CONTROL_ERROR',
      open,
      windowUpdateFrame(1, LARGEST - 65_535),
      windowUpdateFrame(1, 1),
    )
  })

  test('is a connection error FLOW_CONTROL_ERROR on the connection', () => {
    expectConnectionError('FLOW_CONTROL_ERROR', windowUpdateFrame(0, LARGEST))
    expectConnectionError(
      'FLOW_CONTROL_ERROR',
      windowUpdateFrame(0, LARGEST - 65_535),
      windowUpdateFrame(0, 1),
    )
  })

  test('one of exactly 2^31 - 1 is right', () => {
    expectIgnored(
      open,
      windowUpdateFrame(1, LARGEST - 65_535),
      windowUpdateFrame(0, LARGEST - 65_535),
    )
  })
})

test.each([0, 3, 5])(
  'WINDOW_UPDATE of %i octets is a connection error FRAME_SIZE_ERROR',
  (length) => {
    expectConnectionError('FRAME_SIZE_ERROR', open, rawFrame(0x08, 0, 1, new Uint8Array(length)))
    expectConnectionError('FRAME_SIZE_ERROR', rawFrame(0x08, 0, 0, new Uint8Array(length)))
  },
)

test('WINDOW_UPDATE on a stream that has ended has no effect, since it may have been on its way', () => {
  const conversation = new Conversation({ app: AT_ONCE })
  conversation.send(getRequest(1))
  expect(conversation.send(windowUpdateFrame(1, LARGEST), windowUpdateFrame(1, LARGEST))).toEqual(
    [],
  )
  expect(conversation.connection.state).toBe('open')
})
