import { concatenate, type OctetVector } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { prepareRequest } from '../../src/client'
import { MiniConnection } from '../../src/protocol'
import { type ClientEvent, greetedClient, openedClient, receivedIn } from '../support/client'
import { takeAll } from '../support/exchange'
import {
  continuationFrame,
  dataFrame,
  goawayFrame,
  headersFrame,
  hex,
  pingFrame,
  rawFrame,
  rstStreamFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { parseFrames } from '../support/parse-frames'
import { CLIENT_OPENING, getRequest } from '../support/requests'
import { inPieces, pieceLengths } from '../support/split'

/*
 * Hand-written header blocks, RFC 7541: indexed fields 8 and 13; literals without indexing, the
 * first with the name of index 8.
 */
const STATUS_200 = hex('88')
const STATUS_404 = hex('8d')
const STATUS_103 = hex('08 03 313033')
const FIELD_A_B = hex('00 01 61 01 62')

/** `connection: close`. */
const CONNECTION_CLOSE = hex('00 0a 636f6e6e656374696f6e 05 636c6f7365')

const REQUEST = prepareRequest({ authority: 'localhost' })

/** The events for a server's output, which must be the same however it is split. */
function told(...input: readonly OctetVector[]): readonly ClientEvent[] {
  const whole = concatenate(...input)
  const { events } = receivedIn([whole])
  for (let at = 1; at < whole.length; at++) {
    const split = receivedIn([whole.subarray(0, at), whole.subarray(at)])
    expect(split.events, `split at ${at}`).toEqual(events)
  }
  const octetByOctet = receivedIn(Array.from(whole, (_, at) => whole.subarray(at, at + 1)))
  expect(octetByOctet.events, 'octet by octet').toEqual(events)
  return events
}

describe('a client is told of', () => {
  test('a response: its header fields, its body, its end', () => {
    const headers = headersFrame(1, concatenate(STATUS_200, FIELD_A_B))
    expect(told(headers, dataFrame(1, 'abc'), dataFrame(1, 'de', { endStream: true }))).toEqual([
      ['headers', 1, 200, [['a', 'b']]],
      ['data', 1, '616263'],
      ['data', 1, '6465'],
      ['end', 1, 200],
    ])
  })

  test('a response without a body', () => {
    expect(told(headersFrame(3, STATUS_404, { endStream: true }))).toEqual([
      ['headers', 3, 404, []],
      ['end', 3, 404],
    ])
  })

  test('responses on several streams, each with its own status', () => {
    const events = told(
      headersFrame(1, STATUS_200),
      headersFrame(3, STATUS_404),
      dataFrame(1, '', { endStream: true }),
      dataFrame(3, '', { endStream: true }),
    )
    expect(events.slice(2)).toEqual([
      ['end', 1, 200],
      ['end', 3, 404],
    ])
  })

  test('8.1 informational responses, which are not the answer yet', () => {
    expect(
      told(headersFrame(1, STATUS_103), headersFrame(1, STATUS_200, { endStream: true })),
    ).toEqual([
      ['headers', 1, 103, []],
      ['headers', 1, 200, []],
      ['end', 1, 200],
    ])
  })

  test('8.1 trailers, under the status of their response', () => {
    expect(
      told(
        headersFrame(1, STATUS_200),
        dataFrame(1, 'a'),
        headersFrame(1, FIELD_A_B, { endStream: true }),
      ),
    ).toEqual([
      ['headers', 1, 200, []],
      ['data', 1, '61'],
      ['headers', 1, 200, [['a', 'b']]],
      ['end', 1, 200],
    ])
  })

  test('6.10 header blocks in CONTINUATION frames', () => {
    expect(
      told(
        headersFrame(1, STATUS_200, { endStream: true, endHeaders: false }),
        continuationFrame(1, FIELD_A_B.subarray(0, 2), { endHeaders: false }),
        continuationFrame(1, FIELD_A_B.subarray(2)),
      ),
    ).toEqual([
      ['headers', 1, 200, [['a', 'b']]],
      ['end', 1, 200],
    ])
  })

  test('6.1 and 6.2 what is left without padding and priority', () => {
    expect(
      told(
        headersFrame(1, STATUS_200, { padding: 7, priority: { weight: 3 } }),
        dataFrame(1, 'a', { padding: 100 }),
        dataFrame(1, '', { padding: 0, endStream: true }),
      ),
    ).toEqual([
      ['headers', 1, 200, []],
      ['data', 1, '61'],
      ['end', 1, 200],
    ])
  })

  test('6.4 a stream that the server gave up, which has no end then', () => {
    expect(told(headersFrame(1, STATUS_200), rstStreamFrame(1, 'INTERNAL_ERROR'))).toEqual([
      ['headers', 1, 200, []],
      ['reset', 1, 2],
    ])
  })

  test('6.8 GOAWAY; answers on the way still come', () => {
    expect(
      told(
        headersFrame(1, STATUS_200),
        goawayFrame(1, 'NO_ERROR'),
        dataFrame(1, '', { endStream: true }),
      ),
    ).toEqual([
      ['headers', 1, 200, []],
      ['goaway', 1, 0],
      ['end', 1, 200],
    ])
  })

  test('nothing else: 4.1 unknown frames, PING, SETTINGS, WINDOW_UPDATE', () => {
    expect(
      told(settingsFrame(), pingFrame(), windowUpdateFrame(0, 1), rawFrame(0xbb, 0xff, 1, 'abc')),
    ).toEqual([])
  })
})

describe('counting responses', () => {
  /** Everything that a server sends for requests on the streams 1, 3, 5, ... */
  function answersTo(count: number, body: OctetVector): OctetVector {
    const server = new MiniConnection(prebuildResponse({ body }))
    server.receive(CLIENT_OPENING)
    for (let index = 0; index < count; index++) server.receive(getRequest(2 * index + 1))
    return takeAll(server)
  }

  const ends = (events: readonly ClientEvent[]) => events.filter(([kind]) => kind === 'end')

  test('gives each response once, however the octets are split', () => {
    const octets = answersTo(5, new Uint8Array(20))
    expect(ends(told(octets))).toEqual([1, 3, 5, 7, 9].map((id) => ['end', id, 200]))
  })

  test('gives each response once, whatever its length and that of the pieces', () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.nat(40_000),
        pieceLengths,
        fc.constantFrom(1, 100),
        (count, length, lengths, factor) => {
          const octets = answersTo(count, new Uint8Array(length))
          const pieces = inPieces(
            octets,
            lengths.map((one) => one * factor),
          )
          expect(ends(receivedIn(pieces).events)).toHaveLength(count)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('what is no response resets its stream, 8.1.1:', () => {
  const length = (value: string) =>
    concatenate(hex('0f 0d'), hex(value.length.toString(16).padStart(2, '0')), Buffer.from(value))
  const headers = (value: string) => headersFrame(1, concatenate(STATUS_200, length(value)))
  const end = { endStream: true }

  test.each<[string, OctetVector[], string]>([
    ['DATA first', [dataFrame(1, 'a', end)], 'DATA before HEADERS'],
    ['no :status', [headersFrame(1, FIELD_A_B, end)], 'header fields without :status'],
    ['nothing behind 103', [headersFrame(1, STATUS_103, end)], 'after the informational 103'],
    ['101', [headersFrame(1, hex('08 03 313031'))], 'status 101'],
    ['a body too long', [headers('3'), dataFrame(1, 'abcd')], 'longer than allowed by 1'],
    [
      'a body too short',
      [headers('3'), dataFrame(1, 'ab', end)],
      'shorter than its content-length by 1',
    ],
    [
      'a body too short in pieces',
      [headers('3'), dataFrame(1, 'a'), dataFrame(1, 'b'), dataFrame(1, '', end)],
      'shorter than its content-length by 1',
    ],
    [
      'no body',
      [headersFrame(1, concatenate(STATUS_200, length('3')), end)],
      'shorter than its content-length by 3',
    ],
    [
      'trailers before the end of the body',
      [headers('3'), dataFrame(1, 'a'), headersFrame(1, FIELD_A_B, end)],
      'shorter than its content-length by 2',
    ],
    ['trailers that are not the end', [headers('3'), headersFrame(1, FIELD_A_B)], 'not trailers'],
    ['a second response', [headers('0'), headersFrame(1, STATUS_200, end)], 'not trailers'],
    ['a status that is none', [headersFrame(1, hex('08 03 373030'), end)], 'the status "700"'],
    [
      'a field of HTTP/1.1',
      [headersFrame(1, concatenate(STATUS_200, CONNECTION_CLOSE), end)],
      'an HTTP/1.1 field',
    ],
    [
      'a name in upper case',
      [headersFrame(1, concatenate(STATUS_200, hex('00 01 41 01 62')), end)],
      'the field name "A"',
    ],
    [
      'a value with a line break',
      [headersFrame(1, concatenate(STATUS_200, hex('00 01 61 02 620a')), end)],
      'forbidden characters in a',
    ],
    [
      'two lengths',
      [headersFrame(1, concatenate(STATUS_200, length('3'), length('4')))],
      'two values of content-length',
    ],
    [
      'a body of 204',
      [headersFrame(1, hex('89')), dataFrame(1, 'abc', end)],
      'longer than allowed by 3',
    ],
    [
      'a body of 304',
      [headersFrame(1, concatenate(hex('8b'), length('3'))), dataFrame(1, 'abc', end)],
      'longer than allowed by 3',
    ],
  ])('%s', (_, frames, reason) => {
    const { client, events } = openedClient(2)
    client.receive(concatenate(...frames))
    expect(events.at(-1)).toEqual(['malformed', 1, expect.stringContaining(reason)])
    expect(events.filter(([kind]) => kind === 'end')).toEqual([])
    expect(parseFrames(takeAll(client))).toMatchObject([
      { type: 'RST_STREAM', streamId: 1, errorCode: 'PROTOCOL_ERROR' },
    ])
    // Frames in flight are ignored. Other streams continue.
    client.receive(concatenate(dataFrame(1, 'x', end), headersFrame(3, STATUS_200, end)))
    expect(events.at(-1)).toEqual(['end', 3, 200])
    expect(client.state).toBe('open')
  })

  test('but a length that is kept is none, nor one of an answer to HEAD or of 304', () => {
    const kept = [headers('3'), dataFrame(1, 'ab'), dataFrame(1, 'c', { padding: 9, ...end })]
    expect(told(...kept).at(-1)).toEqual(['end', 1, 200])
    const notModified = headersFrame(1, concatenate(hex('8b'), length('3')), end)
    expect(told(notModified).at(-1)).toEqual(['end', 1, 304])
    const noContent = headersFrame(1, concatenate(hex('89'), length('3')))
    expect(told(noContent, dataFrame(1, '', end)).at(-1)).toEqual(['end', 1, 204])
    for (const rest of [dataFrame(1, '', end), headersFrame(1, FIELD_A_B, end)]) {
      const { client, events } = greetedClient()
      client.send(prepareRequest({ method: 'HEAD', authority: 'localhost' }))
      client.receive(concatenate(headersFrame(1, concatenate(STATUS_200, length('3'))), rest))
      expect(events.at(-1)).toEqual(['end', 1, 200])
    }
    const { client, events } = greetedClient()
    client.send(prepareRequest({ method: 'HEAD', authority: 'localhost' }))
    client.send(REQUEST)
    client.receive(headersFrame(1, concatenate(STATUS_200, length('3')), end))
    client.receive(
      concatenate(headersFrame(3, concatenate(STATUS_200, length('3'))), dataFrame(3, 'abc', end)),
    )
    expect(events.filter(([kind]) => kind === 'end')).toEqual([
      ['end', 1, 200],
      ['end', 3, 200],
    ])
  })

  test('and what comes late for it is known in bounded memory: the oldest are forgotten', () => {
    const { client } = openedClient()
    const malformed = (streamId: number) => headersFrame(streamId, FIELD_A_B, end)
    // Every other stream, because consecutive ones are stored as one range.
    for (let count = 0; count < 1025; count++) {
      client.send(REQUEST)
      client.receive(malformed(client.send(REQUEST)))
      takeAll(client)
    }
    for (const streamId of [4099, 2051, 7]) client.receive(dataFrame(streamId, 'late'))
    expect(client.state).toBe('open')
    client.receive(dataFrame(3, 'late'))
    expect(client.error?.message).toContain('stream 3, which has ended')
  })
})
