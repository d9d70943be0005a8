import { expect, test } from 'vitest'
import { hex, pingFrame, rawFrame } from '../support/frames'
import { miniExchange } from '../support/mini'
import { CLIENT_OPENING } from '../support/requests'

test('PING is answered with the same octets and ACK', () => {
  const opaqueData = hex('0102030405060708')
  const outcome = miniExchange(CLIENT_OPENING, pingFrame(opaqueData))
  expect(outcome.frames.slice(2)).toEqual([
    { type: 'PING', flags: ['ACK'], streamId: 0, opaqueData },
  ])
})

test('a flag that PING has not is ignored and not sent back', () => {
  const outcome = miniExchange(CLIENT_OPENING, rawFrame(6, 0xfe, 0, '12345678'))
  expect(outcome.frames.slice(2)).toMatchObject([{ type: 'PING', flags: ['ACK'] }])
})

test('an answer to a PING is not answered', () => {
  const outcome = miniExchange(CLIENT_OPENING, pingFrame('12345678', { ack: true }))
  expect(outcome.frames).toHaveLength(2)
})

test.each([0, 7, 9])('PING with %i octets is a FRAME_SIZE_ERROR', (length) => {
  const outcome = miniExchange(CLIENT_OPENING, pingFrame(new Uint8Array(length)))
  expect(outcome.frames.slice(2)).toMatchObject([{ type: 'GOAWAY', errorCode: 'FRAME_SIZE_ERROR' }])
})

test('PING on another stream than 0 is a PROTOCOL_ERROR', () => {
  const outcome = miniExchange(CLIENT_OPENING, rawFrame(6, 0, 1, '12345678'))
  expect(outcome.frames.slice(2)).toMatchObject([{ type: 'GOAWAY', errorCode: 'PROTOCOL_ERROR' }])
})
