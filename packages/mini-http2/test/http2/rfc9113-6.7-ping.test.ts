import { describe, expect, test } from 'vitest'
import { hex, pingFrame, rawFrame } from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  Conversation,
  expectConnectionError,
  expectIgnored,
} from '../support/http2'
import { getRequest } from '../support/requests'

describe('PING', () => {
  test('is answered with the same octets and ACK', () => {
    const opaqueData = hex('0102030405060708')
    expect(answersTo(AT_ONCE, pingFrame(opaqueData)).frames).toEqual([
      { type: 'PING', flags: ['ACK'], streamId: 0, opaqueData },
    ])
  })

  test('is answered in the order in which it came', () => {
    const { frames } = answersTo(
      AT_ONCE,
      pingFrame('11111111'),
      getRequest(1),
      pingFrame('22222222'),
    )
    expect(frames.map(({ type }) => type)).toEqual(['PING', 'HEADERS', 'DATA', 'PING'])
  })

  test('is not held up by responses that wait for windows', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 0 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'abc')
    conversation.take()
    expect(conversation.send(pingFrame())).toMatchObject([{ type: 'PING', flags: ['ACK'] }])
  })

  test('with ACK is not answered, though none was sent', () => {
    expectIgnored(pingFrame('12345678', { ack: true }))
  })

  test('with ACK and the octets of the drain has no effect on a connection that does not', () => {
    expectIgnored(pingFrame('draining', { ack: true }))
  })

  test.each([0, 7, 9])('of %i octets is a connection error FRAME_SIZE_ERROR', (length) => {
    expectConnectionError('FRAME_SIZE_ERROR', pingFrame(new Uint8Array(length)))
    expectConnectionError('FRAME_SIZE_ERROR', pingFrame(new Uint8Array(length), { ack: true }))
  })

  test('on another stream than 0 is a connection error PROTOCOL_ERROR', () => {
    expectConnectionError('PROTOCOL_ERROR', rawFrame(0x06, 0, 1, '12345678'))
    expectConnectionError('PROTOCOL_ERROR', getRequest(1), rawFrame(0x06, 0, 1, '12345678'))
  })
})
