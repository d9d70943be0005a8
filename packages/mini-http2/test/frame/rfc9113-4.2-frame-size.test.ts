import { concatenate, type OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { IncompleteFrame } from '../../src/frame/incomplete-frame'
import { readFrame } from '../../src/frame/read-frame'
import { DEFAULT_MAX_FRAME_SIZE } from '../../src/frames'
import { dataFrame, frameHeader, hex, pingFrame, rawFrame } from '../support/frames'

test('every endpoint accepts payloads of 16,384 octets', () => {
  expect(DEFAULT_MAX_FRAME_SIZE).toBe(16_384)
  expect(readFrame(dataFrame(1, new Uint8Array(16_384)))).toMatchObject({ state: 'read' })
})

test('a larger payload than the receiver allows is a FRAME_SIZE_ERROR, of unknown types too', () => {
  for (const type of [0x00, 0x04, 0xbb]) {
    expect(readFrame(frameHeader(16_385, type, 0, 1))).toMatchObject({
      state: 'invalid',
      fault: { scope: 'connection', code: 'FRAME_SIZE_ERROR' },
    })
  }
})

test('the receiver may allow more', () => {
  const frame = dataFrame(1, new Uint8Array(20_000))
  expect(readFrame(frame, 0, 20_000)).toMatchObject({ state: 'read' })
  expect(readFrame(frame, 0, 19_999)).toMatchObject({ state: 'invalid' })
})

describe('an incomplete frame', () => {
  /** Fills a frame from pieces, each of which is used completely. */
  function filled(pieces: readonly OctetVector[]): IncompleteFrame {
    const frame = new IncompleteFrame()
    for (const piece of pieces) {
      let offset = 0
      while (offset < piece.length) offset = frame.fill(piece, offset)
    }
    return frame
  }

  test.each([
    ['without a payload', rawFrame(4, 1, 0)],
    ['with a small payload', pingFrame()],
    ['with a payload of 300 octets', dataFrame(1, new Uint8Array(300).fill(7))],
  ])('%s is put together from pieces of any size', (_, whole) => {
    for (let size = 1; size <= whole.length; size++) {
      const pieces: OctetVector[] = []
      for (let start = 0; start < whole.length; start += size) {
        pieces.push(whole.subarray(start, start + size))
      }
      const frame = filled(pieces)
      expect(frame.complete).toBe(true)
      expect(frame.octets.subarray(0, frame.length)).toEqual(whole)
    }
  })

  test('knows when its header is complete, before the payload is', () => {
    const header = frameHeader(3, 0, 0, 1)
    expect(filled([header.subarray(0, 8)]).headerComplete).toBe(false)
    const frame = filled([header])
    expect([frame.headerComplete, frame.complete]).toEqual([true, false])
  })

  test('takes nothing of what follows it', () => {
    const frame = new IncompleteFrame()
    const input = concatenate(pingFrame(), hex('aa bb'))
    const behindHeader = frame.fill(input, 0)
    expect(behindHeader).toBe(9)
    expect(frame.fill(input, behindHeader)).toBe(17)
    expect(frame.complete).toBe(true)
  })

  test('is empty again when cleared, and keeps only a little room', () => {
    const frame = filled([dataFrame(1, new Uint8Array(16_384))])
    frame.clear()
    expect([frame.length, frame.complete]).toEqual([0, false])
    expect(frame.octets.length).toBeLessThanOrEqual(512)
    frame.fill(pingFrame(), 0)
    expect(frame.length).toBe(9)
  })
})
