import { describe, expect, test } from 'vitest'
import { headersFrame, priorityFrame, rawFrame } from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  expectConnectionError,
  expectIgnored,
  expectStreamError,
} from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

describe('PRIORITY is checked and has no effect:', () => {
  test('on streams that are idle, also even ones', () => {
    expectIgnored(priorityFrame(1), priorityFrame(2), priorityFrame(2 ** 31 - 1))
  })

  test('on stream 0 it is a connection error PROTOCOL_ERROR', () => {
    expectConnectionError('PROTOCOL_ERROR', priorityFrame(0))
  })

  test.each([0, 4, 6])('of %i octets it is a stream error FRAME_SIZE_ERROR', (length) => {
    expectStreamError(
      1,
      'FRAME_SIZE_ERROR',
      headersFrame(1, GET_BLOCK),
      rawFrame(0x02, 0, 1, new Uint8Array(length)),
    )
  })

  test.each([
    ['of 4 octets', 'FRAME_SIZE_ERROR', rawFrame(0x02, 0, 1, 'abcd')],
    ['that depends on itself', 'PROTOCOL_ERROR', priorityFrame(1, { streamDependency: 1 })],
  ] as const)('%s also on a closed stream, once', (_, errorCode, frame) => {
    const { frames, state } = answersTo(AT_ONCE, getRequest(1), frame, frame)
    expect(frames).toMatchObject([
      { type: 'HEADERS' },
      { type: 'DATA' },
      { type: 'RST_STREAM', streamId: 1, errorCode },
    ])
    expect(state).toBe('open')
  })

  test('of 4 octets also on a stream that was left out', () => {
    const { frames } = answersTo(AT_ONCE, getRequest(3), rawFrame(0x02, 0, 1, 'abcd'))
    expect(frames.at(-1)).toMatchObject({ streamId: 1, errorCode: 'FRAME_SIZE_ERROR' })
  })

  test('and on an idle stream one of the connection, since an idle stream has no RST_STREAM', () => {
    expectConnectionError('FRAME_SIZE_ERROR', rawFrame(0x02, 0, 1, 'abcd'))
  })
})
