import { concatenate, octetize, octetsEqual } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isPrebuiltResponse,
  MisuseError,
  type PrebuiltResponse,
  prebuildResponse,
  type ResponseDescription,
} from '../../src'
import { MiniConnection } from '../../src/protocol'
import { dataFrame, headersFrame, hex } from '../support/frames'
import { responseOn } from '../support/mini'
import { type NodeResponse, requestWithNode } from '../support/node-client'
import { parseFrames } from '../support/parse-frames'

/** The response as parsed by Node's client. */
async function understood(description: ResponseDescription): Promise<NodeResponse> {
  const [response] = await requestWithNode(new MiniConnection(prebuildResponse(description)))
  return response as NodeResponse
}

function framesOf(response: PrebuiltResponse) {
  return parseFrames(responseOn(1, response))
}

describe('a prebuilt response', () => {
  test('is a HEADERS frame and a DATA frame, whose stream identifiers are still 0', () => {
    const response = prebuildResponse({ body: 'Hello World\n' })
    // RFC 7541: index 8 is :status 200; a literal without indexing whose name has index 28.
    const block = hex('88  0f 0d 02 31 32')
    expect(response.headerBlock).toEqual(block)
    expect(response.parts).toEqual([
      {
        octets: concatenate(
          headersFrame(0, block),
          dataFrame(0, 'Hello World\n', { endStream: true }),
        ),
        frameOffsets: [0, 9 + block.length],
      },
    ])
  })

  test('without a body is one HEADERS frame that ends the stream', () => {
    expect(framesOf(prebuildResponse({ status: 404 }))).toMatchObject([
      { type: 'HEADERS', flags: ['END_STREAM', 'END_HEADERS'] },
    ])
  })

  test('tells what it was made of', () => {
    const response = prebuildResponse({ status: 201, headers: { 'X-A': 'b' }, body: 'é' })
    expect(response).toMatchObject({
      kind: 'prebuilt-response',
      status: 201,
      headers: [
        ['x-a', 'b'],
        ['content-length', '2'],
      ],
      body: hex('c3a9'),
    })
    expect(isPrebuiltResponse(response)).toBe(true)
    for (const other of [undefined, null, 'prebuilt-response', {}, { kind: 'other' }]) {
      expect(isPrebuiltResponse(other)).toBe(false)
    }
  })

  test('stays as it was made when the octets given are changed', () => {
    // The slice() of a Buffer shares its memory.
    const body = Buffer.from('abc')
    const response = prebuildResponse({ body })
    body.fill(0)
    expect(octetsEqual(response.body, octetize('abc'))).toBe(true)
    expect(framesOf(response)).toMatchObject([{}, { data: octetize('abc') }])
  })
})

describe('a body', () => {
  test.each([
    [0, []],
    [1, [1]],
    [16_384, [16_384]],
    [16_385, [16_384, 1]],
    [40_000, [16_384, 16_384, 7232]],
  ])(
    'of %i octets is in DATA frames of %j octets, the last of which ends the stream',
    (length, lengths) => {
      const [, ...data] = framesOf(prebuildResponse({ body: new Uint8Array(length) }))
      expect(data.map((frame) => [frame.type, 'length' in frame && frame.length])).toEqual(
        lengths.map((one) => ['DATA', one]),
      )
      expect(data.map(({ flags }) => flags)).toEqual(
        lengths.map((_, index) => (index === lengths.length - 1 ? ['END_STREAM'] : [])),
      )
    },
  )

  test('is in parts of whole frames and 65,536 octets at most', () => {
    const { parts } = prebuildResponse({ body: new Uint8Array(300_000) })
    expect(parts.length).toBeGreaterThan(1)
    for (const { octets, frameOffsets } of parts) {
      expect(octets.length).toBeLessThanOrEqual(65_536)
      expect(frameOffsets[0]).toBe(0)
      expect(parseFrames(octets)).toHaveLength(frameOffsets.length)
    }
  })
})

describe('long header fields', () => {
  const headers = Object.fromEntries(
    // Huffman coding would make these characters longer, so they are sent unchanged.
    Array.from({ length: 10 }, (_, index) => [`x-${index}`, '~'.repeat(10_000)]),
  )

  test('go on in CONTINUATION frames of 16,384 octets at most; END_STREAM is in HEADERS', () => {
    const frames = framesOf(prebuildResponse({ headers }))
    expect(frames.map(({ type }) => type)).toEqual(['HEADERS', ...Array(6).fill('CONTINUATION')])
    expect(frames.map(({ flags }) => flags)).toEqual([
      ['END_STREAM'],
      ...Array(5).fill([]),
      ['END_HEADERS'],
    ])
    for (const frame of frames) {
      expect('length' in frame && frame.length).toBeLessThanOrEqual(16_384)
    }
  })

  test('are in one part, since no other frame may come between (RFC 9113 section 4.3)', () => {
    const { parts } = prebuildResponse({ headers, body: 'a' })
    expect(parts.map(({ frameOffsets }) => frameOffsets.length)).toEqual([7, 1])
    expect(parseFrames(parts[1]?.octets)).toMatchObject([{ type: 'DATA' }])
  })
})

describe("Node's own client understands", () => {
  test('a status without an index in the static table, and fields in their order', async () => {
    const { status, headers, body } = await understood({
      status: 418,
      headers: [
        ['content-type', 'text/plain; charset=utf-8'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['x-empty', ''],
        ['x-latin', 'é'],
      ],
      body: 'short and stout',
    })
    expect(status).toBe(418)
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'set-cookie': ['a=1', 'b=2'],
      'x-empty': '',
      'x-latin': 'é',
      'content-length': '15',
    })
    expect(body.toString()).toBe('short and stout')
  })

  test.each([204, 205, 304])(
    '%i, which has neither a body nor a content-length',
    async (status) => {
      const response = await understood({ status })
      expect(response.status).toBe(status)
      expect(response.headers).not.toHaveProperty('content-length')
      expect(response.body).toHaveLength(0)
    },
  )

  test('a body in several frames, on each of several streams', async () => {
    const body = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251)
    const connection = new MiniConnection(prebuildResponse({ body }))
    const responses = await requestWithNode(connection, [{}, {}, {}])
    expect(responses.map((response) => response.body.equals(body))).toEqual([true, true, true])
  })

  test('whatever fields there are', async () => {
    const name = fc.stringMatching(/^x-[!#$%&'*+.^_`|~0-9a-z-]{1,20}$/)
    const value = fc.stringMatching(/^[!-~]([ -~]{0,60}[!-~])?$/)
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value), fc.uint8Array(), async (headers, body) => {
        const response = await understood({ headers, body })
        expect(response.headers).toMatchObject(headers)
        expect(response.body.equals(body)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})

describe('refused is', () => {
  const cases: readonly (readonly [ResponseDescription, string, string])[] = [
    [{ status: 100 }, 'INVALID_STATUS', 'an integer from 200 to 599, not 100'],
    [{ headers: { 'a b': 'c' } }, 'INVALID_FIELD', 'The field "a b"'],
    [
      { status: 204, body: 'a' },
      'BODY_NOT_ALLOWED',
      "A response with status 204 can't have a body.",
    ],
    [
      { status: 304, body: 'a' },
      'BODY_NOT_ALLOWED',
      "A response with status 304 can't have a body.",
    ],
    [
      { headers: { 'content-length': 5 }, body: 'four' },
      'CONTENT_LENGTH_MISMATCH',
      'content-length is 5, but the body has 4 bytes.',
    ],
    [{ headers: { 'content-length': 'x' } }, 'INVALID_FIELD', 'content-length must be a number'],
  ]

  test.each(cases)('%j: %s', (description, code, message) => {
    expect(() => prebuildResponse(description)).toThrow(MisuseError)
    expect(() => prebuildResponse(description)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })
})
