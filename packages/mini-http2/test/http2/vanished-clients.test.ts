import type { OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../src'
import {
  conversationAt1000,
  expectAt,
  expectNothingFor,
  SHORT_LIMITS as limits,
} from '../support/conversation-in-time'
import { dataFrame, headersFrame, pingFrame, windowUpdateFrame } from '../support/frames'
import { AT_ONCE, type Conversation } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

/*
 * How a connection detects that its client has gone: by silence, and by the end of the client's
 * side.
 */

describe('keepAlive', () => {
  const asking = { limits: { ...limits, keepAlive: 3000, keepAliveTimeout: 2000 } }

  /** A conversation whose client has waited for a response since 1000. */
  function awaiting(): Conversation {
    const conversation = conversationAt1000(asking)
    conversation.send(getRequest(1))
    return conversation
  }

  test('is 30 seconds, and as much for the answer', () => {
    expect(DEFAULT_LIMITS).toMatchObject({ keepAlive: 30_000, keepAliveTimeout: 30_000 })
  })

  test('sends PING to a client that is silent while a stream is open', () => {
    expect(expectAt(awaiting(), 4000)).toMatchObject([{ type: 'PING', flags: [] }])
  })

  test('ends the connection of a client that does not answer: its requests are aborted', async () => {
    const conversation = awaiting()
    const { request, response } = conversation.last
    response.writeHead(200)
    conversation.take()
    expectAt(conversation, 4000)
    // One more millisecond for reading the PING.
    expect(expectAt(conversation, 6001)).toMatchObject([{ type: 'GOAWAY', errorCode: 'NO_ERROR' }])
    expect(conversation.connection).toMatchObject({
      state: 'closed',
      error: {
        code: 'KEEP_ALIVE_TIMEOUT',
        message: 'The client sent nothing for 3000 ms, or within 2000 ms after a PING.',
      },
    })
    expect(request.signal.aborted).toBe(true)
    await response.drained()
  })

  test.each([
    ['the acknowledgement', pingFrame('still up', { ack: true })],
    ['any octet', pingFrame().subarray(0, 1)],
  ])('takes %s for an answer, and begins again', (_, octets) => {
    const conversation = awaiting()
    expectAt(conversation, 4000)
    conversation.connection.tick(5000)
    conversation.send(octets)
    expect(expectAt(conversation, 8000)).toMatchObject([{ type: 'PING' }])
  })

  test('asks nobody who awaits nothing', () => {
    const conversation = conversationAt1000({ ...asking, app: AT_ONCE })
    conversation.send(getRequest(1))
    conversation.connection.tick(4000)
    expect(conversation.take()).toEqual([])
    expect(conversation.connection.deadline).toBe(11_000)
  })

  test('does not put off the end of a client that owes the rest of its requests', () => {
    const conversation = conversationAt1000(asking)
    conversation.send(headersFrame(1, GET_BLOCK))
    const answer = pingFrame('still up', { ack: true })
    for (const time of [4000, 7000, 10_000]) {
      expect(expectAt(conversation, time)).toMatchObject([{ type: 'PING' }])
      conversation.send(answer)
    }
    expect(expectAt(conversation, 11_000)[0]).toMatchObject({ type: 'RST_STREAM' })
  })

  test('notices a client that is gone in the middle of an upload', () => {
    const conversation = conversationAt1000(asking)
    conversation.send(headersFrame(1, GET_BLOCK), dataFrame(1, 'abc'))
    const { signal } = conversation.last.request
    expectAt(conversation, 4000)
    expectAt(conversation, 6001)
    expect(signal.aborted).toBe(true)
  })

  /**
   * Sends this many octets to a client at 1000 and a PING at 4000. Returns when the connection
   * ends.
   */
  function givenUpAt(octets: number, ...said: OctetVector[]): number {
    const conversation = conversationAt1000({
      ...asking,
      settings: { INITIAL_WINDOW_SIZE: 2 ** 31 - 1 },
    })
    conversation.send(windowUpdateFrame(0, 2 ** 30), getRequest(1))
    conversation.last.response.writeHead(200)
    conversation.last.response.write(new Uint8Array(octets))
    conversation.take()
    conversation.send(...said)
    conversation.connection.tick(4000)
    expect(conversation.take()).toMatchObject([{ type: 'PING' }])
    let time = 4000
    while (conversation.connection.state === 'open') {
      time = conversation.connection.deadline
      conversation.connection.tick(time)
    }
    return time
  }

  test('gives a client the time to read what was sent before: 16,000 octets a second', () => {
    expect(givenUpAt(10_000)).toBe(6000 + 1)
    expect(givenUpAt(320_000)).toBeCloseTo(1000 + 20_000 + 2000, -2)
  })

  test('also if it has said something since', () => {
    expect(givenUpAt(320_000, windowUpdateFrame(1, 1))).toBeCloseTo(1000 + 20_000 + 2000, -2)
  })

  test('but no more than for 4 MiB, which a socket holds', () => {
    expect(givenUpAt(40_000_000)).toBeCloseTo(1000 + 262_144 + 2000, -1)
  })

  test('does not count the time in which output is not taken because the client takes other', () => {
    const conversation = awaiting()
    const { response } = conversation.last
    response.writeHead(200)
    response.write('abc')
    conversation.connection.tick(4000)
    conversation.connection.tick(5500)
    // Now the PING is sent.
    expect(conversation.take().at(-1)).toMatchObject({ type: 'PING' })
    conversation.connection.tick(7499)
    expect(conversation.connection.state).toBe('open')
  })

  test('ends a connection on which nothing is received, nor taken', () => {
    const conversation = awaiting()
    conversation.last.response.writeHead(200)
    conversation.connection.tick(4000)
    expect(conversation.connection.deadline).toBe(6000)
    conversation.connection.tick(6000)
    expect(conversation.connection.error?.code).toBe('KEEP_ALIVE_TIMEOUT')
  })

  test('of Infinity asks nobody', () => {
    const conversation = conversationAt1000()
    conversation.send(getRequest(1))
    expectNothingFor(conversation, 1_000_000)
  })
})

describe('a client that has ended its side', () => {
  const ended = { limits: { ...limits, halfClosedTimeout: 5000 } }

  function halfClosed(body: number): Conversation {
    const conversation = conversationAt1000(ended)
    conversation.send(getRequest(1))
    const { response } = conversation.last
    response.writeHead(200)
    response.write(new Uint8Array(body))
    conversation.connection.endInput()
    return conversation
  }

  test('is taken for gone when nothing is produced for half a second', async () => {
    const conversation = halfClosed(10)
    const { request, response } = conversation.last
    conversation.take()
    const drained = response.drained()
    expect(expectAt(conversation, 1500)).toMatchObject([
      { type: 'RST_STREAM', streamId: 1, errorCode: 'CANCEL' },
      { type: 'GOAWAY', errorCode: 'NO_ERROR' },
    ])
    expect(conversation.connection).toMatchObject({ state: 'closed', error: undefined })
    expect(request.signal.aborted).toBe(true)
    await drained
  })

  test('also when the response has not begun', () => {
    const conversation = conversationAt1000(ended)
    conversation.send(getRequest(1))
    const { signal } = conversation.last.request
    conversation.connection.endInput()
    conversation.take()
    conversation.connection.tick(1500)
    expect(signal.aborted).toBe(true)
  })

  test('cannot open a window: what waits for one ends', () => {
    const conversation = halfClosed(100_000)
    conversation.take()
    conversation.connection.tick(1500)
    expect(conversation.connection.state).toBe('closed')
  })

  test('gets what is produced before half a second has passed, again and again', () => {
    const conversation = halfClosed(10)
    conversation.take()
    for (const time of [1400, 1800, 2200]) {
      conversation.connection.tick(time)
      conversation.last.response.write('abc')
      expect(conversation.take()).toMatchObject([{ type: 'DATA', length: 3 }])
    }
    conversation.last.response.end()
    expect(conversation.take()).toMatchObject([{ flags: ['END_STREAM'] }])
    expect(conversation.connection.state).toBe('closed')
  })

  test('may be slow to take what is there, but not for longer than halfClosedTimeout', () => {
    const conversation = halfClosed(10)
    conversation.take()
    for (let time = 1500; time < 6000; time += 500) {
      conversation.last.response.write('abc')
      conversation.connection.tick(time)
      expect(conversation.connection.state).toBe('draining')
      conversation.take()
    }
    conversation.last.response.write('abc')
    conversation.connection.tick(6000)
    expect(conversation.connection.state).toBe('closed')
  })

  test('is taken for gone when nothing is taken for nearly a second', () => {
    const conversation = halfClosed(10)
    conversation.connection.tick(1500)
    expect(conversation.connection.state).toBe('draining')
    conversation.connection.tick(1900)
    expect(conversation.connection.state).toBe('closed')
  })

  test('has a minute by default', () => {
    expect(DEFAULT_LIMITS.halfClosedTimeout).toBe(60_000)
  })
})
