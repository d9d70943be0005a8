import { describe, expect, test } from 'vitest'
import { headersFrame, rawFrame, rstStreamFrame, windowUpdateFrame } from '../support/frames'
import { Conversation, expectConnectionError, expectIgnored } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

describe('RST_STREAM from the client', () => {
  test('aborts the request and its body', async () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK))
    const { request } = conversation.last
    const { signal } = request
    const body = request.body.text()
    conversation.send(rstStreamFrame(1))
    expect(signal.aborted).toBe(true)
    await expect(body).rejects.toMatchObject({ code: 'CLIENT_GONE' })
  })

  test('makes what the application says of no effect', async () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    const { response } = conversation.last
    conversation.send(rstStreamFrame(1))
    expect(response.ended).toBe(true)
    response.send(200, {}, 'abc')
    response.reset()
    expect(conversation.take()).toEqual([])
  })

  test('drops what waits of the response, and wakes who waits for it', async () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    const { response } = conversation.last
    response.writeHead(200)
    expect(response.write(new Uint8Array(1_000_000))).toBe(false)
    conversation.take()
    conversation.send(rstStreamFrame(1))
    await response.drained()
    expect(conversation.send(windowUpdateFrame(0, 1_000_000))).toEqual([])
  })

  test.each(['NO_ERROR', 'CANCEL', 'INTERNAL_ERROR', 0xfefe] as const)(
    'is the same whatever its error code: %s',
    (code) => {
      expectIgnored(headersFrame(1, GET_BLOCK), rstStreamFrame(1, code))
    },
  )

  test('on stream 0 is a connection error PROTOCOL_ERROR', () => {
    expectConnectionError('PROTOCOL_ERROR', rstStreamFrame(0))
  })

  test('on an idle stream is a connection error PROTOCOL_ERROR', () => {
    expectConnectionError('PROTOCOL_ERROR', rstStreamFrame(1))
  })

  test.each([0, 3, 5])('of %i octets is a connection error FRAME_SIZE_ERROR', (length) => {
    const frame = rawFrame(0x03, 0, 1, new Uint8Array(length))
    expectConnectionError('FRAME_SIZE_ERROR', getRequest(1), frame)
  })
})
