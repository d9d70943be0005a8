import { describe, expect, test } from 'vitest'
import { headersFrame, rawFrame, rstStreamFrame, settingsFrame } from '../support/frames'
import { answersTo, expectConnectionError, expectIgnored, ONLY_NEXT } from '../support/http2'
import { GET_BLOCK } from '../support/requests'

/** Frame types that this package doesn't know. PRIORITY_UPDATE is 0x10. */
const UNKNOWN = [0x0a, 0x0b, 0x0c, 0x0d, 0x0f, 0x11, 0x16, 0x7f, 0xff]

describe('unknown extensions are ignored:', () => {
  test.each(UNKNOWN)(
    'frames of type %i, with any flags, on the connection and on streams',
    (type) => {
      expectIgnored(
        rawFrame(type, 0, 0),
        rawFrame(type, 0xff, 0, 'abc'),
        rawFrame(type, 0xff, 1, 'abc'),
        headersFrame(1, GET_BLOCK),
        rawFrame(type, 0x01, 1, 'abc'),
      )
    },
  )

  test('settings, whose frame is acknowledged as any other', () => {
    const { frames } = answersTo(ONLY_NEXT, settingsFrame([[0xfefe, 1]]))
    expect(frames).toMatchObject([{ type: 'SETTINGS', flags: ['ACK'] }])
  })

  test('error codes', () => {
    expectIgnored(headersFrame(1, GET_BLOCK), rstStreamFrame(1, 0xfefe))
  })
})

test('a frame of an unknown type inside a header block is a connection error PROTOCOL_ERROR', () => {
  expectConnectionError(
    'PROTOCOL_ERROR',
    headersFrame(1, GET_BLOCK, { endHeaders: false }),
    rawFrame(0xbb, 0, 0),
  )
})
