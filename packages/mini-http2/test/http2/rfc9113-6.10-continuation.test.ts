import { describe, expect, test } from 'vitest'
import { continuationFrame, dataFrame, headersFrame, hex } from '../support/frames'
import { AT_ONCE, answersTo, Conversation, expectConnectionError } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

const begun = headersFrame(1, GET_BLOCK, { endStream: true, endHeaders: false })
/** `x-test: one`. */
const FIELD = hex('00 06 78 2d 74 65 73 74 03 6f 6e 65')

describe('CONTINUATION', () => {
  test('goes on with a header block, up to eight times', () => {
    const more = Array.from({ length: 7 }, () => continuationFrame(1, FIELD, { endHeaders: false }))
    const conversation = new Conversation()
    conversation.send(begun, ...more, continuationFrame(1, FIELD))
    expect(conversation.last.request.headers.getAll('x-test')).toHaveLength(8)
  })

  test('has no END_STREAM: that of HEADERS counts', () => {
    const { frames } = answersTo(AT_ONCE, begun, continuationFrame(1, FIELD), getRequest(3))
    expect(frames.map(({ type, streamId }) => [type, streamId])).toEqual([
      ['HEADERS', 1],
      ['DATA', 1],
      ['HEADERS', 3],
      ['DATA', 3],
    ])
  })

  test('continues trailers as well', () => {
    const conversation = new Conversation()
    conversation.send(
      headersFrame(1, GET_BLOCK),
      headersFrame(1, '', { endStream: true, endHeaders: false }),
      continuationFrame(1, FIELD),
    )
    expect(conversation.last.request.trailers?.get('x-test')).toBe('one')
  })

  test('of a stream that was answered before its trailers are complete', () => {
    const conversation = new Conversation()
    conversation.send(
      headersFrame(1, GET_BLOCK),
      headersFrame(1, FIELD.subarray(0, 4), { endStream: true, endHeaders: false }),
    )
    conversation.last.response.send(200)
    conversation.take()
    expect(conversation.send(continuationFrame(1, FIELD.subarray(4)))).toEqual([])
    expect(conversation.connection.state).toBe('open')
  })

  test('of a stream that was reset before its trailers are complete', () => {
    const conversation = new Conversation()
    conversation.send(
      headersFrame(1, GET_BLOCK),
      headersFrame(1, FIELD.subarray(0, 4), { endStream: true, endHeaders: false }),
    )
    conversation.last.response.reset()
    conversation.take()
    expect(conversation.send(continuationFrame(1, FIELD.subarray(4)))).toEqual([])
    expect(conversation.connection.state).toBe('open')
  })
})

describe('a connection error PROTOCOL_ERROR is CONTINUATION', () => {
  test('on stream 0', () => {
    expectConnectionError('PROTOCOL_ERROR', begun, continuationFrame(0, ''))
    expectConnectionError('PROTOCOL_ERROR', continuationFrame(0, ''))
  })

  test('on another stream', () => {
    expectConnectionError('PROTOCOL_ERROR', begun, continuationFrame(3, ''))
  })

  test('behind HEADERS with END_HEADERS', () => {
    expectConnectionError('PROTOCOL_ERROR', getRequest(1), continuationFrame(1, ''))
  })

  test('behind CONTINUATION with END_HEADERS', () => {
    expectConnectionError(
      'PROTOCOL_ERROR',
      begun,
      continuationFrame(1, ''),
      continuationFrame(1, ''),
    )
  })

  test('behind DATA', () => {
    expectConnectionError(
      'PROTOCOL_ERROR',
      headersFrame(1, GET_BLOCK),
      dataFrame(1, 'abc'),
      continuationFrame(1, ''),
    )
  })

  test('first of all', () => {
    expectConnectionError('PROTOCOL_ERROR', continuationFrame(1, GET_BLOCK))
  })
})
