import { concatenate } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { receiveIn } from '../support/exchange'
import { dataFrame, headersFrame, rawFrame } from '../support/frames'
import {
  AT_ONCE,
  answersTo,
  Conversation,
  expectConnectionError,
  expectIgnored,
} from '../support/http2'
import { GET_BLOCK } from '../support/requests'

const open = headersFrame(1, GET_BLOCK)

describe('DATA is the body of a request:', () => {
  test('the application gets the octets, and not the padding', async () => {
    const conversation = new Conversation()
    conversation.send(
      open,
      dataFrame(1, 'one ', { padding: 0 }),
      dataFrame(1, 'two ', { padding: 255 }),
      dataFrame(1, '', { padding: 3 }),
      dataFrame(1, 'three', { endStream: true }),
    )
    expect(await conversation.last.request.body.text()).toBe('one two three')
  })

  test.each([1, 100, 600, 16_384])(
    'its %i octets are kept, though the buffer that they came in is used again',
    async (length) => {
      const octets = new Uint8Array(length).fill(7)
      const input = concatenate(open, dataFrame(1, octets, { endStream: true }))
      // Whole, cut in the frame header, and cut in the data.
      for (const at of [input.length, open.length + 5, input.length - 1]) {
        const conversation = new Conversation()
        receiveIn(conversation.connection, [input.subarray(0, at), input.subarray(at)])
        expect(await conversation.last.request.body.octets()).toEqual(octets)
      }
    },
  )

  test('what comes behind an answer is received and dropped', () => {
    const { frames, state } = answersTo(
      AT_ONCE,
      open,
      dataFrame(1, 'abc'),
      dataFrame(1, 'def', { endStream: true }),
    )
    expect(frames.map(({ type }) => type)).toEqual(['HEADERS', 'DATA'])
    expect(state).toBe('open')
  })

  test('if that is long, the client is asked to stop by RST_STREAM with NO_ERROR, behind the response', () => {
    const conversation = new Conversation({ app: AT_ONCE, limits: { streamWindowSize: 100_000 } })
    const frames = conversation.send(open)
    for (let count = 0; count < 6; count++)
      frames.push(...conversation.send(dataFrame(1, new Uint8Array(10_000))))
    expect(frames).toMatchObject([
      { type: 'HEADERS' },
      { type: 'DATA', flags: ['END_STREAM'] },
      { type: 'RST_STREAM', streamId: 1, errorCode: 'NO_ERROR' },
    ])
    expect(conversation.send(dataFrame(1, new Uint8Array(10_000), { endStream: true }))).toEqual([])
  })
})

describe('a connection error PROTOCOL_ERROR is', () => {
  test('DATA on stream 0', () => {
    expectConnectionError('PROTOCOL_ERROR', dataFrame(0, 'abc'))
  })

  test('DATA on an idle stream', () => {
    expectConnectionError('PROTOCOL_ERROR', dataFrame(1, 'abc'))
  })

  test.each([
    ['as long as the payload', 3, 'ab'],
    ['longer than the payload', 255, 'ab'],
  ])('padding %s', (_, padding, rest) => {
    const payload = String.fromCharCode(padding) + rest
    expectConnectionError('PROTOCOL_ERROR', open, rawFrame(0x00, 0x08, 1, payload))
  })
})

test('padding that fills the payload is right: there is no data then', () => {
  expectIgnored(open, rawFrame(0x00, 0x08, 1, '\x02ab'), dataFrame(1, '', { padding: 255 }))
})
