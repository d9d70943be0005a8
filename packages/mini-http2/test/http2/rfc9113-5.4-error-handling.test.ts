import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import {
  dataFrame,
  headersFrame,
  pingFrame,
  rstStreamFrame,
  windowUpdateFrame,
} from '../support/frames'
import { AT_ONCE, answersTo, Conversation } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

const FAULT = pingFrame('short')

describe('5.4.1 a connection error', () => {
  test('sends GOAWAY with the last stream that was opened, and closes', () => {
    const { frames, state } = answersTo(AT_ONCE, getRequest(1), getRequest(9), FAULT)
    expect(frames.at(-1)).toMatchObject({
      type: 'GOAWAY',
      streamId: 0,
      lastStreamId: 9,
      errorCode: 'FRAME_SIZE_ERROR',
    })
    expect(state).toBe('closed')
  })

  test('leaves responses before it in the output', () => {
    const conversation = new Conversation({ app: AT_ONCE })
    const frames = conversation.send(getRequest(1), FAULT)
    expect(frames.map(({ type }) => type)).toEqual(['HEADERS', 'DATA', 'GOAWAY'])
  })

  test('says in its message what was wrong and what would be right', () => {
    const { error } = answersTo(AT_ONCE, FAULT)
    expect(error?.message).toBe("A PING frame's payload has 5 octets, but must have 8.")
  })

  test('is the last thing that happens: later input is not looked at', () => {
    const conversation = new Conversation({ app: AT_ONCE })
    conversation.send(FAULT)
    expect(conversation.send(getRequest(1), pingFrame())).toEqual([])
  })

  test('aborts all requests', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1), headersFrame(3, GET_BLOCK))
    const signals = conversation.exchanges.map(({ request }) => request.signal)
    conversation.send(FAULT)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    for (const { response } of conversation.exchanges) response.send(200)
    expect(conversation.take()).toEqual([])
  })

  test('has no deadline any more', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1), FAULT)
    expect(conversation.connection.deadline).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('5.4.2 a stream error', () => {
  const fault = windowUpdateFrame(1, 0)

  test('sends RST_STREAM, and the other streams go on', () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK), getRequest(3))
    expect(conversation.send(fault)).toMatchObject([
      { type: 'RST_STREAM', streamId: 1, errorCode: 'PROTOCOL_ERROR' },
    ])
    conversation.last.response.send(200)
    expect(conversation.take()).toMatchObject([{ type: 'HEADERS', streamId: 3 }])
  })

  test('aborts its request, and what is said in response is not sent', () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK))
    const { request, response } = conversation.last
    const { signal } = request
    conversation.send(fault)
    expect(signal.aborted).toBe(true)
    response.send(200)
    expect(conversation.take()).toEqual([])
  })

  test('drops what waited of the response', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 1 } })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'abc')
    conversation.take()
    conversation.send(windowUpdateFrame(1, 2 ** 31 - 1), windowUpdateFrame(1, 2 ** 31 - 1))
    expect(conversation.send(windowUpdateFrame(1, 1))).toEqual([])
  })

  test('is sent once, whatever the client has sent before it knew', () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK))
    const late = concatenate(
      fault,
      fault,
      dataFrame(1, 'abc'),
      windowUpdateFrame(1, 5),
      headersFrame(1, '', { endStream: true }),
      rstStreamFrame(1),
    )
    expect(conversation.send(fault, late)).toHaveLength(1)
    expect(conversation.connection.state).toBe('open')
  })

  test('is not sent in answer to RST_STREAM', () => {
    const { frames } = answersTo(AT_ONCE, getRequest(1), rstStreamFrame(1), rstStreamFrame(1))
    expect(frames.map(({ type }) => type)).toEqual(['HEADERS', 'DATA'])
  })
})

describe('5.4.3 the end of the transport', () => {
  test('aborts all requests, and nothing is sent any more', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1), headersFrame(3, GET_BLOCK))
    const signals = conversation.exchanges.map(({ request }) => request.signal)
    conversation.connection.abandon()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    for (const { response } of conversation.exchanges) response.send(200, {}, 'abc')
    expect(conversation.take()).toEqual([])
    expect(conversation.connection).toMatchObject({
      state: 'closed',
      error: undefined,
      deadline: Number.POSITIVE_INFINITY,
    })
  })

  test('may come twice, or after a connection error, and drain after it has no effect', () => {
    const conversation = new Conversation()
    conversation.send(FAULT)
    const { connection } = conversation
    connection.abandon()
    connection.abandon()
    connection.drain()
    connection.endInput()
    expect(conversation.take()).toEqual([])
    expect(connection.error?.code).toBe('FRAME_SIZE_ERROR')
  })

  test('can be the doing of the application, in the middle of a request', () => {
    const conversation: Conversation = new Conversation({
      app: () => conversation.connection.abandon(),
    })
    conversation.receive(concatenate(getRequest(1), headersFrame(3, GET_BLOCK)))
    expect(conversation.take()).toEqual([])
    expect(conversation.connection.state).toBe('closed')
  })
})
