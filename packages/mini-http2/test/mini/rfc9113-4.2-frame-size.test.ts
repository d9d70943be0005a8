import { expect, test } from 'vitest'
import { dataFrame, frameHeader, rawFrame } from '../support/frames'
import { miniExchange } from '../support/mini'
import { CLIENT_OPENING, getRequest } from '../support/requests'

test('a frame with 16,384 octets of payload is accepted', () => {
  const outcome = miniExchange(
    CLIENT_OPENING,
    dataFrame(1, new Uint8Array(16_384), { endStream: true }),
  )
  expect(outcome.frames.at(-1)).toMatchObject({ type: 'DATA', streamId: 1 })
  expect(outcome.state).toBe('open')
})

test.each([
  ['DATA', 0x00],
  ['SETTINGS', 0x04],
  ['an unknown type', 0xbb],
])('more than that is a FRAME_SIZE_ERROR as soon as the header says so: %s', (_, type) => {
  const outcome = miniExchange(CLIENT_OPENING, getRequest(3), frameHeader(16_385, type, 0, 5))
  expect(outcome.frames.at(-1)).toMatchObject({
    type: 'GOAWAY',
    lastStreamId: 3,
    errorCode: 'FRAME_SIZE_ERROR',
  })
  expect(outcome).toMatchObject({ state: 'closed', error: { code: 'FRAME_SIZE_ERROR' } })
  expect(outcome.error?.message).toContain('16385 octets, but at most 16384 are allowed')
})

test('what follows such a frame is ignored', () => {
  const outcome = miniExchange(
    CLIENT_OPENING,
    rawFrame(0xbb, 0, 0, new Uint8Array(16_385)),
    getRequest(1),
  )
  expect(outcome.frames.map(({ type }) => type)).toEqual(['SETTINGS', 'SETTINGS', 'GOAWAY'])
})
