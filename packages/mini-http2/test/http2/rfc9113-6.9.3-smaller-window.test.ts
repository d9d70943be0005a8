import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { takeAll } from '../support/exchange'
import { dataFrame, headersFrame, settingsAckFrame } from '../support/frames'
import { http2Connection } from '../support/http2-messages'
import { parseFrames } from '../support/parse-frames'
import { CLIENT_OPENING, GET_BLOCK } from '../support/requests'

describe('with a window smaller than 65,535 octets, a client that has not acknowledged SETTINGS', () => {
  const open = headersFrame(1, GET_BLOCK)

  /** The response to input after the preface and SETTINGS, except WINDOW_UPDATE. */
  function errorsOf(...input: Uint8Array[]): unknown[] {
    const connection = http2Connection(() => {}, { limits: { streamWindowSize: 1000 } })
    connection.receive(CLIENT_OPENING)
    takeAll(connection)
    connection.receive(concatenate(...input))
    return parseFrames(takeAll(connection)).filter(({ type }) => type !== 'WINDOW_UPDATE')
  }

  test('may send 65,535 octets, since it may not know of the window', () => {
    const data = [1, 2, 3, 4].map(() => dataFrame(1, new Uint8Array(16_383)))
    expect(errorsOf(open, ...data, dataFrame(1, 'abc'))).toEqual([])
    expect(errorsOf(open, ...data, dataFrame(1, 'abcd'))).toMatchObject([
      { type: 'RST_STREAM', errorCode: 'FLOW_CONTROL_ERROR' },
    ])
  })

  test('has a negative window when it acknowledges them: no octet more, but the end', () => {
    const data = dataFrame(1, new Uint8Array(10_000))
    expect(errorsOf(open, data, settingsAckFrame(), dataFrame(1, '', { endStream: true }))).toEqual(
      [],
    )
    expect(errorsOf(open, data, settingsAckFrame(), dataFrame(1, 'a'))).toMatchObject([
      { type: 'RST_STREAM', errorCode: 'FLOW_CONTROL_ERROR' },
    ])
  })
})
