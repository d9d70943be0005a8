import { expect, test } from 'vitest'
import { prepareRequest } from '../../src/client'
import { RequestEncoder } from '../../src/client/request-encoder'
import { Decoder } from '../../src/hpack'
import { decode } from '../hpack/blocks'
import { parseFrames } from '../support/parse-frames'

const REQUEST = prepareRequest({ authority: 'localhost', headers: { 'X-A': 'b' } })

test('a request is one HEADERS frame with its fields in order, which ends the stream', () => {
  const frame = new RequestEncoder().headersFrame(REQUEST)
  expect(parseFrames(frame)).toMatchObject([
    { type: 'HEADERS', flags: ['END_STREAM', 'END_HEADERS'], streamId: 0 },
  ])
  expect(decode(new Decoder(), frame.subarray(9))).toEqual([
    [':method', 'GET'],
    [':scheme', 'https'],
    [':authority', 'localhost'],
    [':path', '/'],
    ['x-a', 'b'],
  ])
})

test('the same request again is the same frame, not made again', () => {
  const encoder = new RequestEncoder()
  const frame = encoder.headersFrame(REQUEST)
  expect(encoder.headersFrame(REQUEST)).toBe(frame)
})

test('another request is another frame, and then the first one again', () => {
  const encoder = new RequestEncoder()
  const frame = encoder.headersFrame(REQUEST).slice()
  const other = encoder.headersFrame(prepareRequest({ authority: 'localhost', path: '/other' }))
  expect(decode(new Decoder(), other.subarray(9))).toContainEqual([':path', '/other'])
  expect(encoder.headersFrame(REQUEST)).toEqual(frame)
})

test('a smaller table is told once, RFC 7541 section 4.2', () => {
  const encoder = new RequestEncoder()
  const frame = encoder.headersFrame(REQUEST).slice()
  encoder.setTableSize(100)
  const decoder = new Decoder()
  decoder.setMaxTableSize(100)
  expect(decode(decoder, encoder.headersFrame(REQUEST).subarray(9))).toHaveLength(5)
  expect(encoder.headersFrame(REQUEST)).toEqual(frame)
  encoder.setTableSize(50)
  decoder.setMaxTableSize(50)
  expect(decode(decoder, encoder.headersFrame(REQUEST).subarray(9))).toHaveLength(5)
})

test('a larger table changes nothing', () => {
  const encoder = new RequestEncoder()
  const frame = encoder.headersFrame(REQUEST)
  encoder.setTableSize(65_536)
  expect(encoder.headersFrame(REQUEST)).toBe(frame)
})

test('fields that don’t fit into one frame are refused', () => {
  const request = prepareRequest({ authority: 'localhost', headers: { a: '~'.repeat(16_384) } })
  expect(() => new RequestEncoder().headersFrame(request)).toThrow(
    expect.objectContaining({ code: 'INVALID_FIELD', message: expect.stringContaining('16384') }),
  )
})
