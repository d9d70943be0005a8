import { describe, expect, test } from 'vitest'
import {
  dataFrame,
  goawayFrame,
  headersFrame,
  pingFrame,
  rawFrame,
  rstStreamFrame,
  windowUpdateFrame,
} from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  Conversation,
  dataLength,
  expectConnectionError,
} from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

describe('GOAWAY from the client', () => {
  test('closes a connection without open streams, in good order', () => {
    const { frames, state, error } = answersTo(AT_ONCE, getRequest(1), goawayFrame())
    expect(frames.map(({ type }) => type)).toEqual(['HEADERS', 'DATA', 'GOAWAY'])
    expect(frames.at(-1)).toMatchObject({ lastStreamId: 1, errorCode: 'NO_ERROR' })
    expect({ state, error }).toEqual({ state: 'closed', error: undefined })
  })

  test('lets open streams finish, and then closes', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1), headersFrame(3, GET_BLOCK))
    expect(conversation.send(goawayFrame())).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 3, errorCode: 'NO_ERROR' },
    ])
    expect(conversation.connection.state).toBe('draining')
    conversation.send(dataFrame(3, 'abc', { endStream: true }))
    conversation.exchanges[1]?.response.send(200)
    expect(conversation.take()).toMatchObject([{ type: 'HEADERS', streamId: 3 }])
    expect(conversation.connection.state).toBe('draining')
    conversation.exchanges[0]?.response.send(200)
    expect(conversation.take()).toMatchObject([{ type: 'HEADERS', streamId: 1 }])
    expect(conversation.connection).toMatchObject({ state: 'closed', error: undefined })
  })

  test.each(['NO_ERROR', 'PROTOCOL_ERROR', 'ENHANCE_YOUR_CALM', 0xfefe] as const)(
    'means the same with error code %s',
    (code) => {
      const conversation = new Conversation()
      conversation.send(getRequest(1))
      conversation.send(goawayFrame(0, code, 'for a reason'))
      conversation.last.response.send(200)
      expect(conversation.take()).toMatchObject([{ type: 'HEADERS', streamId: 1 }])
      expect(conversation.connection).toMatchObject({ state: 'closed', error: undefined })
    },
  )

  test('may come several times, and has one answer', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    expect(conversation.send(goawayFrame(2 ** 31 - 1), goawayFrame(), goawayFrame())).toHaveLength(
      1,
    )
  })

  test('is not the end of PING', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1), goawayFrame())
    expect(conversation.send(pingFrame())).toMatchObject([{ type: 'PING', flags: ['ACK'] }])
  })

  test('on another stream than 0 is a connection error PROTOCOL_ERROR', () => {
    expectConnectionError('PROTOCOL_ERROR', rawFrame(0x07, 0, 1, new Uint8Array(8)))
  })

  test.each([0, 7])('of %i octets is a connection error FRAME_SIZE_ERROR', (length) => {
    expectConnectionError('FRAME_SIZE_ERROR', rawFrame(0x07, 0, 0, new Uint8Array(length)))
  })
})

describe('streams behind the last that GOAWAY named', () => {
  function drained(): Conversation {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    conversation.send(goawayFrame())
    return conversation
  }

  test('do not reach the application', () => {
    const conversation = drained()
    expect(conversation.send(getRequest(3), headersFrame(5, GET_BLOCK))).toEqual([])
    expect(conversation.exchanges).toHaveLength(1)
  })

  test('are ignored with all that follows on them', () => {
    const conversation = drained()
    expect(
      conversation.send(
        headersFrame(3, GET_BLOCK),
        dataFrame(3, 'abc'),
        windowUpdateFrame(3, 1),
        headersFrame(3, '', { endStream: true }),
        rstStreamFrame(3),
        dataFrame(3, 'late'),
      ),
    ).toEqual([])
    conversation.last.response.send(200)
    expect(conversation.take()).toMatchObject([{ type: 'HEADERS', streamId: 1 }])
    expect(conversation.connection).toMatchObject({ state: 'closed', error: undefined })
  })

  test('are not named by a later GOAWAY: its last stream never grows', () => {
    const conversation = drained()
    conversation.send(getRequest(3))
    expect(conversation.send(pingFrame('short'))).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 1, errorCode: 'FRAME_SIZE_ERROR' },
    ])
  })
})

describe('drain, in two steps:', () => {
  const ACK = pingFrame('draining', { ack: true })

  test('first GOAWAY that excludes no stream, and PING', () => {
    const conversation = new Conversation()
    conversation.connection.drain()
    expect(conversation.take()).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 2 ** 31 - 1, errorCode: 'NO_ERROR' },
      { type: 'PING', flags: [] },
    ])
    expect(conversation.connection.state).toBe('draining')
  })

  test('requests that were on their way are still served', () => {
    const conversation = new Conversation({ app: AT_ONCE })
    conversation.connection.drain()
    conversation.take()
    expect(conversation.send(getRequest(1))).toMatchObject([{ type: 'HEADERS' }, { type: 'DATA' }])
    expect(conversation.connection.state).toBe('draining')
  })

  test('then, when the client has answered the PING, GOAWAY with the last stream, and the end', () => {
    const conversation = new Conversation({ app: AT_ONCE })
    conversation.connection.drain()
    const [, ping] = conversation.take()
    conversation.send(getRequest(5))
    const opaqueData = ping?.type === 'PING' ? ping.opaqueData : expect.unreachable()
    expect(conversation.send(pingFrame(opaqueData, { ack: true }))).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 5, errorCode: 'NO_ERROR' },
    ])
    expect(conversation.connection).toMatchObject({ state: 'closed', error: undefined })
  })

  test('or when half a second has passed without an answer', () => {
    const conversation = new Conversation()
    conversation.connection.tick(5000)
    conversation.connection.drain()
    conversation.take()
    expect(conversation.connection.deadline).toBe(5500)
    conversation.connection.tick(5499)
    expect(conversation.take()).toEqual([])
    conversation.connection.tick(5500)
    expect(conversation.take()).toMatchObject([{ type: 'GOAWAY', lastStreamId: 0 }])
    expect(conversation.connection.state).toBe('closed')
  })

  test('another PING with ACK is not the answer', () => {
    const conversation = new Conversation()
    conversation.connection.drain()
    conversation.take()
    expect(conversation.send(pingFrame('12345678', { ack: true }))).toEqual([])
    expect(conversation.connection.state).toBe('draining')
  })

  test('open streams are finished before the end', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    conversation.connection.drain()
    conversation.take()
    expect(conversation.send(ACK)).toMatchObject([{ type: 'GOAWAY', lastStreamId: 1 }])
    expect(conversation.connection.state).toBe('draining')
    conversation.last.response.send(200, {}, new Uint8Array(100_000))
    expect(dataLength(conversation.take(), 1)).toBe(65_535)
    expect(conversation.connection.state).toBe('draining')
    conversation.send(windowUpdateFrame(1, 50_000))
    expect(dataLength(conversation.send(windowUpdateFrame(0, 50_000)), 1)).toBe(34_465)
    expect(conversation.connection.state).toBe('closed')
  })

  test('a stream that was answered, but whose request is not complete, is not waited for', () => {
    const conversation = new Conversation({ app: AT_ONCE })
    conversation.send(headersFrame(1, GET_BLOCK))
    conversation.connection.drain()
    conversation.take()
    expect(conversation.send(ACK)).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 1 },
      { type: 'RST_STREAM', streamId: 1, errorCode: 'NO_ERROR' },
    ])
    expect(conversation.connection.state).toBe('closed')
  })

  test('once is enough', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    conversation.connection.drain()
    conversation.connection.drain()
    expect(conversation.take()).toHaveLength(2)
    conversation.send(ACK)
    conversation.connection.drain()
    expect(conversation.take()).toEqual([])
  })

  test('behind GOAWAY of the client there is nothing more to say', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1), goawayFrame())
    conversation.connection.drain()
    expect(conversation.take()).toEqual([])
  })

  test('GOAWAY of the client ends the waiting for its PING', () => {
    const conversation = new Conversation()
    conversation.connection.drain()
    conversation.take()
    expect(conversation.send(goawayFrame())).toMatchObject([{ type: 'GOAWAY', lastStreamId: 0 }])
    expect(conversation.connection.state).toBe('closed')
  })

  test('a fault ends it at once', () => {
    const conversation = new Conversation()
    conversation.connection.drain()
    conversation.take()
    expect(conversation.send(pingFrame('short'))).toMatchObject([{ errorCode: 'FRAME_SIZE_ERROR' }])
    expect(conversation.connection.state).toBe('closed')
  })

  test('the application may do it while it handles a request, which is answered', () => {
    const conversation: Conversation = new Conversation({
      app: (_, response) => {
        conversation.connection.drain()
        response.send(200)
      },
    })
    expect(conversation.send(getRequest(1)).map(({ type }) => type)).toEqual([
      'GOAWAY',
      'PING',
      'HEADERS',
    ])
  })
})

describe('the end of the input', () => {
  test('closes a connection without open streams', () => {
    const conversation = new Conversation()
    conversation.connection.endInput()
    expect(conversation.take()).toMatchObject([{ type: 'GOAWAY', lastStreamId: 0 }])
    expect(conversation.connection).toMatchObject({ state: 'closed', error: undefined })
  })

  test('lets requests that are complete be answered', () => {
    const conversation = new Conversation()
    conversation.send(getRequest(1))
    conversation.connection.endInput()
    expect(conversation.take()).toMatchObject([{ type: 'GOAWAY', lastStreamId: 1 }])
    conversation.last.response.send(200)
    expect(conversation.take()).toMatchObject([{ type: 'HEADERS', streamId: 1 }])
    expect(conversation.connection.state).toBe('closed')
  })

  test('aborts requests that are not complete, and never will be', () => {
    const conversation = new Conversation()
    conversation.send(headersFrame(1, GET_BLOCK))
    const { signal } = conversation.last.request
    conversation.connection.endInput()
    expect(signal.aborted).toBe(true)
    expect(conversation.connection.state).toBe('closed')
  })

  test('loses no request that waits for room in the output', () => {
    const conversation = new Conversation({ app: AT_ONCE, limits: { maxWaitingOutput: 1 } })
    conversation.receive(Buffer.concat([1, 3, 5, 7].map(getRequest)))
    conversation.connection.endInput()
    const frames = conversation.take()
    expect(frames.filter(({ type }) => type === 'HEADERS')).toHaveLength(4)
    expect(frames.filter(({ type }) => type === 'GOAWAY')).toMatchObject([{ lastStreamId: 7 }])
    expect(conversation.connection.state).toBe('closed')
  })
})
