import { concatenate, type OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { encodeWithoutDynamicTable } from '../../src/hpack'
import {
  headersFrame,
  priorityUpdateFrame,
  rawFrame,
  rstStreamFrame,
  windowUpdateFrame,
} from '../support/frames'
import { Conversation, dataLength, expectConnectionError, expectIgnored } from '../support/http2'
import { GET } from '../support/http2-messages'
import { getRequest } from '../support/requests'

/** A GET request with a `priority` field. */
function prioritized(streamId: number, priority: string): OctetVector {
  const block = encodeWithoutDynamicTable([...GET, ['priority', priority]])
  return headersFrame(streamId, block, { endStream: true })
}

/**
 * Answers all requests of a client with 30,000 octets each, and returns the streams in the order in
 * which their responses were completed.
 *
 * @param updates sent while the responses wait for the connection's window
 */
function orderOf(input: readonly OctetVector[], updates: readonly OctetVector[] = []): number[] {
  const conversation = new Conversation()
  // A first response uses up the connection's window.
  conversation.send(getRequest(1))
  conversation.last.response.send(200, {}, new Uint8Array(65_535))
  conversation.take()
  conversation.exchanges.length = 0
  conversation.send(...input)
  for (const { response } of conversation.exchanges) {
    response.send(200, {}, new Uint8Array(30_000))
  }
  const frames = [...conversation.take(), ...conversation.send(...updates)]
  expect(frames.filter(({ type }) => type === 'DATA')).toEqual([])
  return conversation
    .send(windowUpdateFrame(0, 2 ** 30))
    .flatMap(({ streamId, flags }) => (flags.includes('END_STREAM') ? [streamId] : []))
}

describe('the urgency of the priority field decides which response comes first:', () => {
  test('0 before 7', () => {
    expect(orderOf([prioritized(3, 'u=7'), prioritized(5, 'u=0'), prioritized(7, 'u=4')])).toEqual([
      5, 7, 3,
    ])
  })

  test('without a word it is 3', () => {
    expect(orderOf([prioritized(3, 'u=4'), getRequest(5), prioritized(7, 'u=2')])).toEqual([
      7, 5, 3,
    ])
  })

  test.each(['u=8', 'u=-1', 'u=a', 'u', 'U=0', 'x=0', '', 'u=0.0', '"u=0"'])(
    'what is not understood means nothing: %j',
    (value) => {
      expect(
        orderOf([prioritized(3, 'u=2'), prioritized(5, value), prioritized(7, 'u=4')]),
      ).toEqual([3, 5, 7])
    },
  )

  test('parameters and other members do not matter', () => {
    expect(orderOf([getRequest(3), prioritized(5, 'i, u=1;x=2, foo=bar')])).toEqual([5, 3])
  })

  test('responses of one urgency take turns', () => {
    expect(orderOf([prioritized(3, 'u=1'), prioritized(5, 'u=1')])).toEqual([3, 5])
  })
})

describe('PRIORITY_UPDATE', () => {
  test('changes the urgency of a response that waits', () => {
    const requests = [getRequest(3), getRequest(5), getRequest(7)]
    expect(orderOf(requests, [priorityUpdateFrame(7, 'u=0')])).toEqual([7, 3, 5])
    expect(orderOf(requests, [priorityUpdateFrame(3, 'u=7')])).toEqual([5, 7, 3])
  })

  test('may come before the request, and is then stronger than its field', () => {
    expect(
      orderOf([priorityUpdateFrame(5, 'u=0'), prioritized(3, 'u=1'), prioritized(5, 'u=7')]),
    ).toEqual([5, 3])
  })

  test('of the last one counts', () => {
    expect(
      orderOf(
        [getRequest(3), getRequest(5)],
        [priorityUpdateFrame(5, 'u=0'), priorityUpdateFrame(5, 'u=6')],
      ),
    ).toEqual([3, 5])
  })

  test('without a value gives the default back', () => {
    expect(
      orderOf([prioritized(3, 'u=2'), prioritized(5, 'u=1')], [priorityUpdateFrame(5, '')]),
    ).toEqual([3, 5])
  })

  test('changes a response that has begun', () => {
    const conversation = new Conversation({ settings: { INITIAL_WINDOW_SIZE: 1_000_000 } })
    conversation.send(getRequest(1), getRequest(3))
    for (const { response } of conversation.exchanges) {
      response.send(200, {}, new Uint8Array(100_000))
    }
    const before = conversation.take()
    expect(dataLength(before, 1)).toBeGreaterThan(0)
    expect(dataLength(before, 3)).toBeGreaterThan(0)
    conversation.send(priorityUpdateFrame(3, 'u=0'))
    const next = conversation.send(windowUpdateFrame(0, 50_000))
    expect(dataLength(next, 3)).toBe(50_000)
  })

  test('on a stream that was reset has no effect', () => {
    expectIgnored(getRequest(1), rstStreamFrame(1), priorityUpdateFrame(1, 'u=0'))
  })

  test('for streams that never come is kept in bounded memory', () => {
    const updates = Array.from({ length: 1000 }, (_, index) =>
      priorityUpdateFrame(2 * index + 2001, 'u=0'),
    )
    const late = 2 * 999 + 2001
    // The first 128 were kept. This is a later one.
    expect(orderOf([concatenate(...updates), prioritized(3, 'u=1'), getRequest(late)])).toEqual([
      3,
      late,
    ])
  })

  test('for the next streams works again when those it named have come or were left out', () => {
    const updates = Array.from({ length: 128 }, (_, index) =>
      priorityUpdateFrame(2 * index + 2001, 'u=0'),
    )
    expect(
      orderOf([...updates, getRequest(4001), priorityUpdateFrame(4003, 'u=0'), getRequest(4003)]),
    ).toEqual([4003, 4001])
  })

  test.each([
    ['on a stream instead of stream 0', rawFrame(0x10, 0, 1, '\0\0\0\x01u=1')],
    ['about stream 0', priorityUpdateFrame(0, 'u=1')],
    ['about a push, since none was promised', priorityUpdateFrame(2, 'u=1')],
  ])('%s is a connection error PROTOCOL_ERROR', (_, frame) => {
    expectConnectionError('PROTOCOL_ERROR', frame)
  })

  test('whose value is no dictionary is ignored', () => {
    expectIgnored(priorityUpdateFrame(1, '\xff\0,=;'))
  })
})
