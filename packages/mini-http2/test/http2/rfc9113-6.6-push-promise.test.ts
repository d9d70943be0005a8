import { describe, expect, test } from 'vitest'
import { hex, pushPromiseFrame, rawFrame } from '../support/frames'
import { AT_ONCE, Conversation, expectConnectionError } from '../support/http2'
import { GET_BLOCK, getRequest } from '../support/requests'

describe('PUSH_PROMISE from a client is a connection error PROTOCOL_ERROR:', () => {
  test.each([0, 1, 3])('on stream %i', (streamId) => {
    expectConnectionError('PROTOCOL_ERROR', getRequest(1), pushPromiseFrame(streamId, 2, GET_BLOCK))
  })

  test.each([
    ['too short', rawFrame(0x05, 0x04, 1, '')],
    ['with padding longer than its frame', rawFrame(0x05, 0x0c, 1, hex('ff'))],
  ])('%s', (_, frame) => {
    expectConnectionError('PROTOCOL_ERROR', getRequest(1), frame)
  })
})

test('nothing is pushed to a client, though it allows that', () => {
  const conversation = new Conversation({ app: AT_ONCE, settings: { ENABLE_PUSH: 1 } })
  const types = conversation.send(getRequest(1)).map(({ type }) => type)
  expect(types).toEqual(['HEADERS', 'DATA'])
})
