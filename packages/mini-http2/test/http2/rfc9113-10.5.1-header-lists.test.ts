import { describe, expect, test } from 'vitest'
import type { FieldList } from '../../src'
import { fieldSize } from '../../src/hpack'
import { dataFrame } from '../support/frames'
import { describing, GET, http2Exchange, POST, request } from '../support/http2-messages'

const sizeOf = (fields: FieldList) => fields.reduce((sum, field) => sum + fieldSize(field), 0)

/** A header list of exactly this size in octets. */
function listOf(size: number, first: FieldList = GET): FieldList {
  const rest = size - sizeOf(first) - fieldSize(['a', ''])
  return [...first, ['a', 'x'.repeat(rest)]]
}

const limits = { maxHeaderListSize: 1000, maxHeaderFields: 10 }

describe('10.5.1 a header list', () => {
  test('is announced its limit by SETTINGS', () => {
    const { frames } = http2Exchange(describing, { limits })
    expect(frames[0]).toMatchObject({ settings: { MAX_HEADER_LIST_SIZE: 1000 } })
  })

  test('as large as the limit is served; an octet more is answered with 431 (RFC 6585)', () => {
    const { response, state, handled } = http2Exchange(
      describing,
      { limits },
      request(1, listOf(1000)),
      request(3, listOf(1001)),
      request(5, GET),
    )
    expect(response(1).status).toBe(200)
    expect(response(3)).toMatchObject({ status: 431, body: '', end: 'END_STREAM' })
    expect(response(5).status).toBe(200)
    expect(handled).toHaveLength(2)
    expect(state).toBe('open')
  })

  test('has at most so many fields', () => {
    const fields = (count: number): FieldList => [
      ...GET,
      ...Array.from({ length: count }, (_, index) => [`x-${index}`, ''] as const),
    ]
    const { response } = http2Exchange(
      describing,
      { limits },
      request(1, fields(6)),
      request(3, fields(7)),
    )
    expect(response(1).status).toBe(200)
    expect(response(3).status).toBe(431)
  })

  test('has as many cookie crumbs as its size allows', () => {
    const crumbs = (count: number): FieldList => [
      ...GET,
      ...Array.from({ length: count }, (_, index) => ['cookie', `cookie-${index}=1`] as const),
    ]
    const { response, handled } = http2Exchange(
      describing,
      { limits: { maxHeaderListSize: 10_000 } },
      request(1, crumbs(180)),
      request(3, crumbs(300)),
    )
    expect(response(1).status).toBe(200)
    expect(handled).toHaveLength(1)
    expect(response(3).status).toBe(431)
  })

  test("beyond the limit, of a request that isn't complete: the client is told to stop", () => {
    const { response, state } = http2Exchange(
      describing,
      { limits },
      request(1, listOf(1001, POST), { open: true }),
      dataFrame(1, 'abc', { endStream: true }),
    )
    expect(response(1)).toMatchObject({ status: 431, end: 'END_STREAM, NO_ERROR' })
    expect(state).toBe('open')
  })

  test('of trailers beyond the limit resets the stream', () => {
    const { response, state } = http2Exchange(
      () => {},
      { limits },
      request(1, POST, { body: ['abc'], trailers: [['a', 'x'.repeat(1000)]] }),
    )
    expect(response(1).end).toBe('PROTOCOL_ERROR')
    expect(state).toBe('open')
  })
})
