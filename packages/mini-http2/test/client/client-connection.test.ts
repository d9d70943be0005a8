import { concatenate } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MisuseError } from '../../src'
import { ClientConnection, prepareRequest } from '../../src/client'
import { CLIENT_PREFACE } from '../../src/frames'
import { openedClient, receivedIn } from '../support/client'
import { takeAll } from '../support/exchange'
import {
  continuationFrame,
  dataFrame,
  frameHeader,
  goawayFrame,
  headersFrame,
  hex,
  pingFrame,
  rawFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { parseFrames } from '../support/parse-frames'
import { inPieces, pieceLengths } from '../support/split'

/* Header blocks after RFC 7541: the indexed fields 8 and 13. */
const STATUS_200 = hex('88')
const STATUS_404 = hex('8d')

/** The beginning of a header block on stream 1. */
const BEGUN = headersFrame(1, STATUS_200, { endHeaders: false })

const REQUEST = prepareRequest({ authority: 'localhost' })

describe('a client begins', () => {
  test('with the preface, SETTINGS without push, and windows as wide as they go', () => {
    const output = takeAll(new ClientConnection())
    expect(output.subarray(0, 24)).toEqual(CLIENT_PREFACE)
    expect(parseFrames(output.subarray(24))).toMatchObject([
      { type: 'SETTINGS', settings: { ENABLE_PUSH: 0, INITIAL_WINDOW_SIZE: 2 ** 31 - 1 } },
      { type: 'WINDOW_UPDATE', streamId: 0, increment: 2 ** 31 - 1 - 65_535 },
    ])
  })

  test('and sends requests on odd streams, 5.1.1', () => {
    const { client } = openedClient()
    expect([client.nextStreamId, client.send(REQUEST), client.send(REQUEST)]).toEqual([1, 1, 3])
    expect(client.nextStreamId).toBe(5)
    expect(parseFrames(takeAll(client))).toMatchObject([
      { type: 'HEADERS', streamId: 1, flags: ['END_STREAM', 'END_HEADERS'] },
      { type: 'HEADERS', streamId: 3, flags: ['END_STREAM', 'END_HEADERS'] },
    ])
  })
})

describe('a client answers', () => {
  test('6.5 SETTINGS with an acknowledgement, and acknowledgements with nothing', () => {
    const { client } = openedClient()
    client.receive(concatenate(settingsFrame({ MAX_CONCURRENT_STREAMS: 7 }), settingsAckFrame()))
    expect(takeAll(client)).toEqual(settingsAckFrame())
    expect(client.peerMaxConcurrentStreams).toBe(7)
  })

  test('6.7 PING with the same octets, and answers to PING with nothing', () => {
    const { client } = openedClient()
    client.receive(concatenate(pingFrame('abcdefgh'), pingFrame('ijklmnop', { ack: true })))
    expect(takeAll(client)).toEqual(pingFrame('abcdefgh', { ack: true }))
  })

  test('6.9 DATA by opening the connection and its stream again when half of a window is used up', () => {
    const client = new ClientConnection()
    client.receive(settingsFrame())
    client.send(REQUEST)
    takeAll(client)
    client.receive(headersFrame(1, STATUS_200))
    const frame = dataFrame(1, new Uint8Array(16_384))
    const half = 2 ** 30 / 16_384
    for (let count = 1; count < half; count++) client.receive(frame)
    expect(client.takeOutput()).toBeUndefined()
    client.receive(frame)
    expect(parseFrames(takeAll(client))).toMatchObject([
      { type: 'WINDOW_UPDATE', streamId: 0, increment: 2 ** 30 },
      { type: 'WINDOW_UPDATE', streamId: 1, increment: 2 ** 30 },
    ])
  })
})

describe('no more requests are taken', () => {
  const misuse = expect.objectContaining({ code: 'CONNECTION_ENDED' })

  test('after a GOAWAY of the client, which says that it opens no more', () => {
    const { client } = openedClient()
    client.goaway()
    expect(takeAll(client)).toEqual(goawayFrame(0))
    expect(client.state).toBe('draining')
    expect(() => client.send(REQUEST)).toThrow(MisuseError)
    expect(() => client.send(REQUEST)).toThrow(misuse)
  })

  test('after a GOAWAY of the server; the error says why, if there was one', () => {
    const { client } = openedClient()
    client.receive(goawayFrame(0, 'ENHANCE_YOUR_CALM'))
    expect(client.state).toBe('draining')
    expect(client.error?.message).toBe('The server ended the connection: ENHANCE_YOUR_CALM.')
    expect(() => client.send(REQUEST)).toThrow(misuse)
  })

  test('after the last stream that there is, 5.1.1; answers to it still come', () => {
    const ends: number[] = []
    const onEnd = (streamId: number) => void ends.push(streamId)
    const client = new ClientConnection({ onEnd }, { firstStreamId: 2 ** 31 - 3 })
    client.receive(settingsFrame())
    client.send(REQUEST)
    expect(client.state).toBe('open')
    expect(client.send(REQUEST)).toBe(2 ** 31 - 1)
    expect(client.state).toBe('draining')
    expect(() => client.send(REQUEST)).toThrow(misuse)
    client.receive(headersFrame(2 ** 31 - 1, STATUS_200, { endStream: true }))
    expect(ends).toEqual([2 ** 31 - 1])
  })

  test('after a fault of the server, which is answered by GOAWAY', () => {
    const { client } = openedClient(1)
    // RFC 7541 section 6.1: index 0 is not used.
    client.receive(headersFrame(1, hex('80')))
    expect(client.state).toBe('closed')
    expect(client.error?.message).toContain('an invalid header block')
    expect(parseFrames(takeAll(client))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'COMPRESSION_ERROR' },
    ])
    expect(() => client.send(REQUEST)).toThrow(misuse)
  })
})

describe('a fault of the server closes the connection:', () => {
  test.each([
    ['a frame over 16,384 octets', frameHeader(16_385, 0, 0, 1), 'FRAME_SIZE_ERROR'],
    ['a frame of a wrong length', pingFrame('1234567'), 'FRAME_SIZE_ERROR'],
    ['padding longer than its frame', rawFrame(0, 0x08, 1, hex('05')), 'PROTOCOL_ERROR'],
    ['CONTINUATION without HEADERS', continuationFrame(1, ''), 'PROTOCOL_ERROR'],
    ['4.3 another frame amid a header block', concatenate(BEGUN, pingFrame()), 'PROTOCOL_ERROR'],
    [
      '4.3 CONTINUATION of another stream',
      concatenate(BEGUN, continuationFrame(3, '')),
      'PROTOCOL_ERROR',
    ],
    [
      'CONTINUATION without end',
      concatenate(BEGUN, ...Array(101).fill(continuationFrame(1, '', { endHeaders: false }))),
      'ENHANCE_YOUR_CALM',
    ],
    [
      'a header block that grows without end',
      concatenate(
        BEGUN,
        ...Array(5).fill(continuationFrame(1, new Uint8Array(16_000), { endHeaders: false })),
      ),
      'ENHANCE_YOUR_CALM',
    ],
    ['5.1 HEADERS on a stream that nobody opened', headersFrame(5, STATUS_200), 'PROTOCOL_ERROR'],
    ['5.1 DATA on a stream that nobody opened', dataFrame(5, 'a'), 'PROTOCOL_ERROR'],
    ['5.1 a stream of the server', headersFrame(2, STATUS_200), 'PROTOCOL_ERROR'],
    [
      '5.1 a second response on a stream',
      concatenate(
        headersFrame(1, STATUS_200, { endStream: true }),
        headersFrame(1, STATUS_200, { endStream: true }),
      ),
      'STREAM_CLOSED',
    ],
    [
      '5.1 DATA behind the end of a stream',
      concatenate(headersFrame(1, STATUS_200, { endStream: true }), dataFrame(1, 'a')),
      'STREAM_CLOSED',
    ],
    [
      '6.5.2 a window that is too large',
      settingsFrame({ INITIAL_WINDOW_SIZE: 2 ** 31 }),
      'FLOW_CONTROL_ERROR',
    ],
    [
      '6.5.2 a frame size that is too small',
      settingsFrame({ MAX_FRAME_SIZE: 3 }),
      'PROTOCOL_ERROR',
    ],
    [
      '6.9.1 a connection window beyond its limit',
      windowUpdateFrame(0, 2 ** 31 - 1),
      'FLOW_CONTROL_ERROR',
    ],
    ['6.6 a push', rawFrame(0x05, 0x04, 1, hex('00000002 88')), 'PROTOCOL_ERROR'],
  ])('%s', (_, input, errorCode) => {
    const { client } = openedClient(2)
    client.receive(input)
    expect(client.state).toBe('closed')
    expect(parseFrames(takeAll(client))).toMatchObject([{ type: 'GOAWAY', errorCode }])
    client.receive(pingFrame())
    expect(client.takeOutput()).toBeUndefined()
  })
})

test('3.4 a server begins with SETTINGS, or its connection is closed', () => {
  for (const frame of [pingFrame(), settingsAckFrame(), headersFrame(1, STATUS_200)]) {
    const client = new ClientConnection()
    client.send(REQUEST)
    takeAll(client)
    client.receive(frame)
    expect(client.error?.message).toContain("A server's first frame must be SETTINGS")
    expect(client.hasSettings).toBe(false)
  }
})

test('who writes its own frames gets responses on any stream', () => {
  const ends: unknown[] = []
  const onEnd = (...told: unknown[]) => void ends.push(told)
  const client = new ClientConnection({ onEnd }, { responsesTo: 'anything' })
  client.receive(headersFrame(7, STATUS_404, { endStream: true }))
  expect(ends).toEqual([[7, 404]])
})

test('whatever a server sends, nothing is thrown', () => {
  const octets = fc.uint8Array({ maxLength: 100 })
  const frame = fc
    .tuple(fc.nat(16), fc.nat(255), fc.nat(9), octets)
    .map(([type, flags, streamId, payload]) => rawFrame(type, flags, streamId, payload))
  const anything = fc.oneof(
    octets,
    fc.array(frame).map((frames) => concatenate(...frames)),
  )
  fc.assert(
    fc.property(anything, pieceLengths, (input, lengths) => {
      const whole = receivedIn([input])
      const split = receivedIn(inPieces(input, lengths))
      expect(split.events).toEqual(whole.events)
      expect(split.client.state).toBe(whole.client.state)
    }),
    { numRuns: 2000 },
  )
})
