import { concatenate, octetize } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { ClientPrefaceMismatchError, DEFAULT_LIMITS } from '../../src'
import { CLIENT_PREFACE } from '../../src/frames'
import { exchange, takeAll } from '../support/exchange'
import {
  dataFrame,
  goawayFrame,
  headersFrame,
  pingFrame,
  priorityFrame,
  rawFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { AT_ONCE } from '../support/http2'
import { http2Connection } from '../support/http2-messages'
import { parseFrames } from '../support/parse-frames'
import { CLIENT_OPENING, GET_BLOCK, getRequest } from '../support/requests'

const make = () => http2Connection(AT_ONCE)

describe("the server's preface", () => {
  test('is a SETTINGS frame, the first of all', () => {
    const { frames } = exchange(make, CLIENT_OPENING)
    expect(frames[0]).toEqual({
      type: 'SETTINGS',
      flags: [],
      streamId: 0,
      settings: {
        MAX_CONCURRENT_STREAMS: DEFAULT_LIMITS.maxConcurrentStreams,
        INITIAL_WINDOW_SIZE: DEFAULT_LIMITS.streamWindowSize,
        MAX_HEADER_LIST_SIZE: DEFAULT_LIMITS.maxHeaderListSize,
        NO_RFC7540_PRIORITIES: 1,
      },
    })
  })

  test('is sent when the preface of the client is complete, without waiting for its SETTINGS', () => {
    const connection = make()
    connection.receive(CLIENT_PREFACE.subarray(0, 23))
    expect(connection.takeOutput()).toBeUndefined()
    connection.receive(CLIENT_PREFACE.subarray(23))
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'SETTINGS', flags: [] },
      { type: 'WINDOW_UPDATE', streamId: 0 },
    ])
  })

  test('opens the window of the connection to the size that is an option', () => {
    const { frames } = exchange(make, CLIENT_OPENING)
    expect(frames[1]).toMatchObject({
      type: 'WINDOW_UPDATE',
      streamId: 0,
      increment: DEFAULT_LIMITS.connectionWindowSize - 65_535,
    })
  })

  test('announces extended CONNECT only if it is enabled', () => {
    const { frames } = exchange(
      () => http2Connection(AT_ONCE, { extendedConnect: true }),
      CLIENT_OPENING,
    )
    expect(frames[0]).toMatchObject({ settings: { ENABLE_CONNECT_PROTOCOL: 1 } })
  })
})

describe("the client's preface", () => {
  test('may be followed by requests at once, before the SETTINGS of the server are known', () => {
    const { frames, state } = exchange(make, CLIENT_OPENING, getRequest(1), settingsAckFrame())
    expect(frames.slice(3)).toMatchObject([
      { type: 'HEADERS', streamId: 1 },
      { type: 'DATA', streamId: 1, flags: ['END_STREAM'] },
    ])
    expect(state).toBe('open')
  })

  test.each([
    ['HTTP/1.1', 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\x00'],
    ['a preface with a wrong end', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\n\n'],
    ['nothing but NUL', '\0'.repeat(30)],
  ])('is not %s: SETTINGS, then GOAWAY with PROTOCOL_ERROR, and the end', (_, text) => {
    const connection = make()
    connection.receive(octetize(text, 'latin1'))
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'SETTINGS' },
      { type: 'WINDOW_UPDATE' },
      { type: 'GOAWAY', lastStreamId: 0, errorCode: 'PROTOCOL_ERROR' },
    ])
    expect(connection.state).toBe('closed')
    expect(connection.error).toBeInstanceOf(ClientPrefaceMismatchError)
  })

  test('is compared octet by octet: its first wrong octet ends the connection', () => {
    for (let at = 0; at < CLIENT_PREFACE.length; at++) {
      const connection = make()
      connection.receive(CLIENT_PREFACE.subarray(0, at))
      expect(connection.state).toBe('open')
      connection.receive(octetize([(CLIENT_PREFACE[at] as number) ^ 1]))
      expect(connection.state).toBe('closed')
    }
  })

  test.each([
    ['SETTINGS with ACK', settingsAckFrame()],
    ['PING', pingFrame()],
    ['HEADERS', headersFrame(1, GET_BLOCK)],
    ['DATA', dataFrame(1, 'abc')],
    ['PRIORITY', priorityFrame(1)],
    ['WINDOW_UPDATE', windowUpdateFrame(0, 1)],
    ['GOAWAY', goawayFrame()],
    ['a frame of an unknown type', rawFrame(0xbb, 0, 0)],
  ])('ends with SETTINGS, not with %s', (_, frame) => {
    const { frames, error } = exchange(make, CLIENT_PREFACE, frame, settingsFrame())
    expect(frames.slice(2)).toMatchObject([{ type: 'GOAWAY', errorCode: 'PROTOCOL_ERROR' }])
    expect(error?.message).toMatch(/first frame must be SETTINGS/)
  })

  test('is nothing that a connection which ends before it waits for: SETTINGS, GOAWAY, closed', () => {
    for (const end of ['drain', 'endInput'] as const) {
      const connection = make()
      connection.receive(CLIENT_PREFACE.subarray(0, 10))
      connection[end]()
      connection[end]()
      connection.receive(CLIENT_PREFACE.subarray(10))
      expect(parseFrames(takeAll(connection))).toMatchObject([
        { type: 'SETTINGS' },
        { type: 'WINDOW_UPDATE' },
        { type: 'GOAWAY', lastStreamId: 0, errorCode: 'NO_ERROR' },
      ])
      expect(connection).toMatchObject({ state: 'closed', error: undefined })
    }
  })

  test('may come twice: what is behind the first is taken for a frame, and that is too large', () => {
    const { frames } = exchange(make, concatenate(CLIENT_OPENING, CLIENT_PREFACE))
    expect(frames.at(-1)).toMatchObject({ type: 'GOAWAY', errorCode: 'FRAME_SIZE_ERROR' })
  })
})
