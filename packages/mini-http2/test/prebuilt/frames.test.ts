import { describe, expect, test } from 'vitest'
import { MAX_STREAM_ID, SETTINGS_ACK_FRAME, SETTINGS_FRAME, withStreamId } from '../../src/frames'
import { dataFrame, rawFrame, settingsAckFrame, settingsFrame } from '../support/frames'

test('the prebuilt SETTINGS and SETTINGS ACK are whole frames', () => {
  expect(SETTINGS_FRAME).toEqual(settingsFrame())
  expect(SETTINGS_ACK_FRAME).toEqual(settingsAckFrame())
})

describe('withStreamId', () => {
  test('copies a frame and changes its stream identifier only', () => {
    // The slice() of a Buffer shares its memory.
    const frame = Buffer.from(dataFrame(0, 'abc', { endStream: true }))
    expect(withStreamId(frame, 5)).toEqual(dataFrame(5, 'abc', { endStream: true }))
    expect(withStreamId(frame, MAX_STREAM_ID)).toEqual(
      dataFrame(MAX_STREAM_ID, 'abc', { endStream: true }),
    )
    expect(frame.equals(dataFrame(0, 'abc', { endStream: true }))).toBe(true)
  })

  test('refuses what is no frame', () => {
    expect(() => withStreamId(rawFrame(0, 0, 0).subarray(0, 8), 1)).toThrow(
      'A frame must have at least 9 octets, not 8.',
    )
  })

  test.each([-1, MAX_STREAM_ID + 1, 1.5, Number.NaN])('refuses the stream identifier %d', (id) => {
    expect(() => withStreamId(rawFrame(0, 0, 0), id)).toThrow(
      `A stream identifier must be a 31-bit integer, not ${id}.`,
    )
  })
})
