import { describe, expect, test } from 'vitest'
import { type DecodedResponse, ResponseDecoder } from '../../src/client/response-decoder'
import { block } from '../hpack/blocks'

function decode(digits: string, decoder = new ResponseDecoder()): DecodedResponse {
  const octets = block(digits)
  return decoder.decode(octets, 0, octets.length)
}

describe('a response', () => {
  test('has a status and its other fields', () => {
    expect(decode('88 00 01 61 01 31')).toEqual({
      state: 'decoded',
      status: 200,
      contentLength: null,
      fields: [['a', '1']],
    })
  })

  test('may have a status that is in no table', () => {
    expect(decode('08 03 34 31 38')).toEqual({
      state: 'decoded',
      status: 418,
      contentLength: null,
      fields: [],
    })
  })

  test('repeated octet for octet is the same object, not decoded again', () => {
    const decoder = new ResponseDecoder()
    expect(decode('88 00 01 61 01 31', decoder)).toBe(decode('88 00 01 61 01 31', decoder))
  })

  test('repeated after the dynamic table changed is decoded again', () => {
    const decoder = new ResponseDecoder()
    decode('88 40 01 61 01 31', decoder)
    expect(decode('88 be', decoder)).toMatchObject({ fields: [['a', '1']] })
    decode('88 40 01 62 01 32', decoder)
    expect(decode('88 be', decoder)).toMatchObject({ fields: [['b', '2']] })
  })
})

test('trailers have status 0', () => {
  expect(decode('00 01 61 01 31')).toEqual({
    state: 'decoded',
    status: 0,
    contentLength: null,
    fields: [['a', '1']],
  })
})

describe('a header block is refused', () => {
  test('if it is not HPACK', () => {
    expect(decode('80')).toMatchObject({
      state: 'invalid',
      reason: expect.stringContaining('index 0'),
    })
  })

  test('with a status that is none', () => {
    expect(decode('08 03 61 62 63')).toMatchObject({
      state: 'malformed',
      reason: expect.stringContaining('"abc"'),
    })
    expect(decode('08 02 32 30')).toMatchObject({ state: 'malformed' })
    expect(decode('08 03 36 30 30')).toMatchObject({ state: 'malformed' })
  })

  test('with another pseudo-header field, or with one behind regular fields', () => {
    expect(decode('88 82')).toMatchObject({
      state: 'malformed',
      reason: expect.stringContaining('":method"'),
    })
    expect(decode('00 01 61 01 31 88')).toMatchObject({
      state: 'malformed',
      reason: expect.stringContaining('":status"'),
    })
    expect(decode('88 88')).toMatchObject({ state: 'malformed' })
  })

  test('with more fields than are allowed', () => {
    expect(decode('88'.repeat(129))).toMatchObject({
      state: 'malformed',
      reason: expect.stringContaining('allowed'),
    })
  })
})
