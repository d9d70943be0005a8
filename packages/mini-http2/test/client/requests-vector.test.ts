import type { IncomingHttpHeaders } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { requestsVector, sendRequests } from '../../src/client'
import { CLIENT_PREFACE, CLIENT_PREFACE_LENGTH } from '../../src/frames'
import { eventually } from '../support/eventually'
import { miniExchange, responseOn } from '../support/mini'
import { connectToNode } from '../support/node-server'
import { parseFrames } from '../support/parse-frames'

describe('requestsVector', () => {
  test('is the preface, SETTINGS, its ACK, requests on odd streams, and GOAWAY', () => {
    const vector = requestsVector(3)
    expect(vector.subarray(0, CLIENT_PREFACE_LENGTH)).toEqual(CLIENT_PREFACE)
    expect(parseFrames(vector.subarray(CLIENT_PREFACE_LENGTH))).toMatchObject([
      { type: 'SETTINGS', flags: [], settings: { ENABLE_PUSH: 0 } },
      { type: 'SETTINGS', flags: ['ACK'] },
      { type: 'HEADERS', streamId: 1, flags: ['END_STREAM', 'END_HEADERS'] },
      { type: 'HEADERS', streamId: 3, flags: ['END_STREAM', 'END_HEADERS'] },
      { type: 'HEADERS', streamId: 5, flags: ['END_STREAM', 'END_HEADERS'] },
      { type: 'GOAWAY', lastStreamId: 0, errorCode: 'NO_ERROR' },
    ])
  })

  test('has no request for a count of 0', () => {
    const frames = parseFrames(requestsVector(0).subarray(CLIENT_PREFACE_LENGTH))
    expect(frames.map(({ type }) => type)).toEqual(['SETTINGS', 'SETTINGS', 'GOAWAY'])
  })

  test('is answered request by request, however it is split', () => {
    const { output, frames, state, error } = miniExchange(requestsVector(4))
    expect(frames.filter(({ type }) => type === 'DATA').map(({ streamId }) => streamId)).toEqual([
      1, 3, 5, 7,
    ])
    const length = responseOn(1).length
    expect(output.subarray(18, 18 + length)).toEqual(responseOn(1))
    expect({ state, error }).toEqual({ state: 'closed', error: undefined })
  })

  test.each([-1, 0.5, Number.NaN, 2 ** 30 + 1])('refuses a count of %d', (count) => {
    expect(() => requestsVector(count)).toThrow(RangeError)
    expect(() => requestsVector(count)).toThrow(`room for 0 to 2^30 requests, not ${count}`)
  })
})

/** The requests that Node's own server receives. */
async function seenByNode(octets: Uint8Array, count: number): Promise<IncomingHttpHeaders[]> {
  const requests: IncomingHttpHeaders[] = []
  let output: Uint8Array | undefined = octets
  const client = {
    receive() {},
    takeOutput() {
      const run = output
      output = undefined
      return run
    },
  }
  connectToNode(client, (_, headers) => requests.push(JSON.parse(JSON.stringify(headers))))
  await eventually(() => expect(requests).toHaveLength(count))
  return requests
}

describe("Node's own server sees", () => {
  test('GET / of localhost, unless told otherwise', async () => {
    const requests = await seenByNode(requestsVector(100), 100)
    for (const request of requests) {
      expect(request).toEqual({
        ':method': 'GET',
        ':scheme': 'https',
        ':authority': 'localhost',
        ':path': '/',
      })
    }
  })

  test('the request that was described', async () => {
    const vector = requestsVector(1, {
      method: 'HEAD',
      scheme: 'http',
      authority: 'example.org:8080',
      path: '/search?q=octets',
      headers: { 'User-Agent': 'h2lab', cookie: ['a=1', 'b=2'] },
    })
    const [request] = await seenByNode(vector, 1)
    expect(request).toEqual({
      ':method': 'HEAD',
      ':scheme': 'http',
      ':authority': 'example.org:8080',
      ':path': '/search?q=octets',
      'user-agent': 'h2lab',
      cookie: 'a=1; b=2',
    })
  })
})

describe('sendRequests', () => {
  test('writes them in one piece, and returns what writing returned', () => {
    const written: Uint8Array[] = []
    const sink = { write: (octets: Uint8Array) => written.push(octets) }
    expect(sendRequests(sink, 2)).toBe(1)
    expect(written).toEqual([requestsVector(2)])
  })

  test('passes on what the sink throws', () => {
    const sink = {
      write() {
        throw new Error('EPIPE')
      },
    }
    expect(() => sendRequests(sink, 1)).toThrow('EPIPE')
  })
})

test('a field that HTTP/2 has not is refused', () => {
  const headers = { connection: 'close' }
  expect(() => requestsVector(1, { authority: 'localhost', headers })).toThrow(
    'The field "connection" can\'t be sent',
  )
})
