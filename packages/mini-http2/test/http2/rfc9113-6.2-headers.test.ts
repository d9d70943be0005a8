import { describe, expect, test } from 'vitest'
import { headersFrame, hex, rawFrame } from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  Conversation,
  expectConnectionError,
  expectStreamError,
} from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

/** `x-test: one`. */
const TRAILERS = hex('00 06 78 2d 74 65 73 74 03 6f 6e 65')

describe('HEADERS open a stream:', () => {
  test('with END_STREAM the request is complete', async () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    expect(await conversation.last.request.body.octets()).toHaveLength(0)
  })

  test('without, the application has the head, and the body is still to come', async () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK))
    const body = conversation.last.request.body.text()
    conversation.send(headersFrame(1, TRAILERS, { endStream: true }))
    expect(await body).toBe('')
    expect(conversation.last.request.trailers?.get('x-test')).toBe('one')
  })

  test('padding and priority are left out', () => {
    const options = { endStream: true, padding: 17, priority: { weight: 9 } }
    const { frames } = answersTo(AT_ONCE, headersFrame(1, GET_BLOCK, options))
    expect(frames).toMatchObject([{ type: 'HEADERS' }, { type: 'DATA' }])
  })

  test('padding may leave room for nothing', () => {
    expectStreamError(1, 'PROTOCOL_ERROR', headersFrame(1, '', { padding: 10 }))
  })
})

test('HEADERS in the middle of a message are a stream error PROTOCOL_ERROR', () => {
  expectStreamError(1, 'PROTOCOL_ERROR', headersFrame(1, GET_BLOCK), headersFrame(1, TRAILERS))
})

describe('a connection error PROTOCOL_ERROR is', () => {
  test('HEADERS on stream 0', () => {
    expectConnectionError('PROTOCOL_ERROR', headersFrame(0, GET_BLOCK))
  })

  test('padding that is longer than the payload', () => {
    expectConnectionError('PROTOCOL_ERROR', rawFrame(0x01, 0x0d, 1, '\x03ab'))
  })

  test('padding that leaves no room for the priority', () => {
    expectConnectionError('PROTOCOL_ERROR', rawFrame(0x01, 0x2d, 1, '\x03abcdef'))
  })
})
