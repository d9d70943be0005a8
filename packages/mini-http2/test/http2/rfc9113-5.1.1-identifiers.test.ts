import { describe, expect, test } from 'vitest'
import { dataFrame, headersFrame, rstStreamFrame, windowUpdateFrame } from '../support/frames'
import { AT_ONCE, answersTo, expectConnectionError } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

/**
 * Expects that the last frame of the input ends a connection whose requests are answered
 * immediately.
 */
function expectErrorAtOnce(code: string, ...input: Uint8Array[]): void {
  const { frames, state } = answersTo(AT_ONCE, ...input)
  expect(frames.at(-1)).toMatchObject({ type: 'GOAWAY', errorCode: code })
  expect(state).toBe('closed')
}

test('a client may leave identifiers out, up to the largest', () => {
  const { frames, state } = answersTo(
    AT_ONCE,
    getRequest(3),
    getRequest(101),
    getRequest(2 ** 31 - 1),
  )
  expect(frames.filter(({ type }) => type === 'HEADERS').map(({ streamId }) => streamId)).toEqual([
    3,
    101,
    2 ** 31 - 1,
  ])
  expect(state).toBe('open')
})

describe('an identifier lower than one that was used is a connection error PROTOCOL_ERROR:', () => {
  test.each([1, 3, 5])('stream %i after stream 7', (streamId) => {
    expectConnectionError('PROTOCOL_ERROR', getRequest(7), getRequest(streamId))
    expectErrorAtOnce('PROTOCOL_ERROR', getRequest(7), getRequest(streamId))
  })

  test('one between two that were used', () => {
    expectErrorAtOnce('PROTOCOL_ERROR', getRequest(1), getRequest(7), getRequest(3))
  })

  test('GOAWAY has the highest that was used', () => {
    const { frames } = answersTo(AT_ONCE, getRequest(7), getRequest(5))
    expect(frames.at(-1)).toMatchObject({ type: 'GOAWAY', lastStreamId: 7 })
  })
})

test('an identifier that was used for a whole request is a connection error STREAM_CLOSED', () => {
  expectErrorAtOnce('STREAM_CLOSED', getRequest(7), getRequest(7))
})

describe("streams with even identifiers are the server's, and it opens none:", () => {
  test.each([2, 4, 2 ** 31 - 2])('HEADERS on stream %i are a PROTOCOL_ERROR', (streamId) => {
    expectConnectionError('PROTOCOL_ERROR', headersFrame(streamId, GET_BLOCK))
  })

  test.each([
    ['HEADERS', headersFrame(2, GET_BLOCK)],
    ['DATA', dataFrame(2, 'abc')],
    ['RST_STREAM', rstStreamFrame(2)],
    ['WINDOW_UPDATE', windowUpdateFrame(2, 1)],
  ])('so is %s, also behind a request with a higher one, since the stream is idle', (_, frame) => {
    expectErrorAtOnce('PROTOCOL_ERROR', getRequest(3), frame)
  })
})

test('stream 0 is no request: a connection error PROTOCOL_ERROR', () => {
  expectConnectionError('PROTOCOL_ERROR', headersFrame(0, GET_BLOCK))
})
