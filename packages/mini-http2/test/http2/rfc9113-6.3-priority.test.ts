import { describe, test } from 'vitest'
import { headersFrame, priorityFrame, rawFrame } from '../support/frames'
import { expectConnectionError, expectIgnored, expectStreamError } from '../support/http2'
import { GET_BLOCK } from '../support/requests'

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

  test('and on an idle stream one of the connection, since an idle stream has no RST_STREAM', () => {
    expectConnectionError('FRAME_SIZE_ERROR', rawFrame(0x02, 0, 1, 'abcd'))
  })
})
