import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { dataFrame, headersFrame, rstStreamFrame } from '../support/frames'
import { AT_ONCE, answersTo, Conversation, ONLY_NEXT } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

/** Requests on the first streams. */
function requests(count: number): Uint8Array {
  return concatenate(...Array.from({ length: count }, (_, index) => getRequest(2 * index + 1)))
}

test('128 streams may be open, and the 129th is refused with REFUSED_STREAM', () => {
  const { frames, state } = answersTo(ONLY_NEXT, requests(129))
  expect(frames).toMatchObject([{ type: 'RST_STREAM', streamId: 257, errorCode: 'REFUSED_STREAM' }])
  expect(state).toBe('open')
})

test('a refused request does not reach the application', () => {
  const conversation = new Conversation()
  conversation.send(requests(130))
  expect(conversation.exchanges).toHaveLength(128)
})

test('what follows on a refused stream is ignored', () => {
  const conversation = new Conversation()
  conversation.send(requests(128), headersFrame(257, GET_BLOCK))
  expect(
    conversation.send(
      dataFrame(257, 'abc'),
      headersFrame(257, '', { endStream: true }),
      rstStreamFrame(257),
    ),
  ).toEqual([])
  expect(conversation.connection.state).toBe('open')
})

test('the limit is an option', () => {
  const conversation = new Conversation({ limits: { maxConcurrentStreams: 2 } })
  expect(conversation.send(requests(3))).toMatchObject([
    { streamId: 5, errorCode: 'REFUSED_STREAM' },
  ])
})

describe('a stream does not count any more', () => {
  function full(): Conversation {
    const conversation = new Conversation()
    conversation.send(requests(128))
    return conversation
  }

  function expectRoomForOne(conversation: Conversation): void {
    conversation.send(getRequest(1001))
    expect(conversation.exchanges).toHaveLength(129)
    expect(conversation.send(getRequest(1003))).toMatchObject([{ errorCode: 'REFUSED_STREAM' }])
  }

  test('when it was answered', () => {
    const conversation = full()
    conversation.last.response.send(200)
    expectRoomForOne(conversation)
  })

  test('when the client has reset it', () => {
    const conversation = full()
    conversation.send(rstStreamFrame(1))
    expectRoomForOne(conversation)
  })

  test('when the server has reset it', () => {
    const conversation = full()
    conversation.last.response.reset()
    expectRoomForOne(conversation)
  })
})

describe('a stream counts', () => {
  test('as long as its response waits for the window', () => {
    const conversation = new Conversation({
      settings: { INITIAL_WINDOW_SIZE: 0 },
      limits: { maxConcurrentStreams: 1 },
    })
    conversation.send(getRequest(1))
    conversation.last.response.send(200, {}, 'abc')
    expect(conversation.send(getRequest(3)).at(-1)).toMatchObject({ errorCode: 'REFUSED_STREAM' })
  })

  test('as long as its request is not complete, though it was answered', () => {
    const ids = Array.from({ length: 129 }, (_, index) => 2 * index + 1)
    const { frames } = answersTo(AT_ONCE, ...ids.map((id) => headersFrame(id, GET_BLOCK)))
    expect(frames.at(-1)).toMatchObject({ streamId: 257, errorCode: 'REFUSED_STREAM' })
  })
})

test('thousands of streams one after the other are no problem', () => {
  const conversation = new Conversation({ app: AT_ONCE })
  for (let round = 0; round < 50; round++) {
    const ids = Array.from({ length: 100 }, (_, index) => 200 * round + 2 * index + 1)
    const frames = conversation.send(...ids.map(getRequest))
    expect(frames.filter(({ flags }) => flags.includes('END_STREAM'))).toHaveLength(100)
  }
  expect(conversation.connection.state).toBe('open')
})
