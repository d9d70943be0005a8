import { describe, expect, test } from 'vitest'
import type { FieldList, Handler } from '../../src'
import { dataFrame, headersFrame, rstStreamFrame } from '../support/frames'
import {
  describing,
  expectMalformed,
  expectMalformedHead,
  GET,
  HEAD,
  headOf,
  http2Exchange,
  POST,
  request,
} from '../support/http2-messages'

const answering =
  (...answer: Parameters<Parameters<Handler>[1]['send']>): Handler =>
  (_, response) =>
    response.send(...answer)

const posting = (length: string, ...more: FieldList): FieldList => [
  ...POST,
  ['content-length', length],
  ...more,
]

describe('8.1 a request', () => {
  test('ends with the HEADERS frame, a DATA frame, an empty one, or its trailers', () => {
    const { response, state } = http2Exchange(
      answering(200),
      {},
      request(1, POST),
      request(3, POST, { body: ['abc'] }),
      request(5, POST, { body: ['abc', ''] }),
      request(7, POST, { body: ['abc'], trailers: [['a', '1']] }),
      request(9, POST, { trailers: [] }),
    )
    expect(state).toBe('open')
    for (const id of [1, 3, 5, 7, 9]) {
      expect(response(id)).toMatchObject({ status: 200, end: 'END_STREAM' })
    }
  })

  test('has trailers only at its end: HEADERS without END_STREAM behind the first reset the stream', () => {
    expectMalformed(request(1, POST, { body: ['abc'], trailers: [['a', '1']], open: true }))
    expectMalformed(request(1, POST, { trailers: [['a', '1']], open: true }))
  })

  test('that is malformed is reset, and what the client still sends of it is ignored', () => {
    const { response, state, handled } = http2Exchange(
      describing,
      {},
      request(1, [...POST, ['A', '1']], { open: true }),
      dataFrame(1, 'abc'),
      request(3, GET),
      dataFrame(1, 'def', { endStream: true }),
      rstStreamFrame(1),
    )
    expect(response(1).end).toBe('PROTOCOL_ERROR')
    expect(response(3).status).toBe(200)
    expect(handled).toEqual(['GET /'])
    expect(state).toBe('open')
  })
})

describe('8.1.1 content-length', () => {
  test.each([
    ['0', []],
    ['0', ['']],
    ['3', ['abc']],
    ['6', ['abc', 'def']],
    ['6', ['abc', '', 'def', '']],
    ['03', ['abc']],
  ])('of %s octets agrees with the DATA %j', (length, body) => {
    const { response } = http2Exchange(
      answering(200),
      {},
      request(1, posting(length), { body, open: false }),
    )
    expect(response(1)).toMatchObject({ status: 200, end: 'END_STREAM' })
  })

  test.each([
    ['3', ['ab']],
    ['3', ['']],
    ['3', ['abcd']],
    ['3', ['abc', 'd']],
    ['0', ['a']],
  ])('of %s octets disagrees with the DATA %j: malformed', (length, body) => {
    expectMalformed(request(1, posting(length), { body }))
    expectMalformed(request(1, posting(length), { body, trailers: [['a', '1']] }))
  })

  test('is exceeded as soon as one octet too many has come, before the end', () => {
    expectMalformed(request(1, posting('3'), { body: ['abc', 'd'], open: true }))
  })

  test('disagrees with HEADERS that end the stream, unless it is 0', () => {
    expectMalformedHead(posting('1'))
    expect(headOf(posting('0')).headers).toEqual([['content-length', '0']])
  })

  test('is counted without padding', () => {
    const { response } = http2Exchange(
      answering(200),
      {},
      request(1, posting('3'), { open: true }),
      dataFrame(1, 'abc', { endStream: true, padding: 100 }),
    )
    expect(response(1).status).toBe(200)
  })

  test.each(['', '-1', '+3', '3.0', '0x3', 'three', '3,', '3, 3', '1'.repeat(16)])(
    'may not be %j',
    (length) => {
      expectMalformed(request(1, posting(length), { body: ['abc'] }))
    },
  )

  test('may come twice with the same value, but not with another', () => {
    const { response } = http2Exchange(
      answering(200),
      {},
      request(1, posting('3', ['content-length', '3']), { body: ['abc'] }),
    )
    expect(response(1).status).toBe(200)
    expectMalformed(request(1, posting('3', ['content-length', '4']), { body: ['abc'] }))
  })

  test('that turns out wrong when the response is complete resets the stream all the same', () => {
    const { response, state } = http2Exchange(
      answering(200),
      {},
      request(1, posting('3'), { body: ['abcd'] }),
    )
    expect(response(1)).toMatchObject({ status: 200, end: 'END_STREAM, PROTOCOL_ERROR' })
    expect(state).toBe('open')
  })
})

describe('8.1 a response', () => {
  test('has its body in DATA frames, the last of which ends the stream', () => {
    const { frames } = http2Exchange(answering(200, {}, 'abc'), {}, request(1, GET))
    expect(frames.filter(({ streamId }) => streamId === 1)).toMatchObject([
      { type: 'HEADERS', flags: ['END_HEADERS'] },
      { type: 'DATA', flags: ['END_STREAM'], length: 3 },
    ])
  })

  test('without a body ends with its HEADERS frame', () => {
    const { frames } = http2Exchange(answering(404), {}, request(1, GET))
    expect(frames.filter(({ streamId }) => streamId === 1)).toMatchObject([
      { type: 'HEADERS', flags: ['END_STREAM', 'END_HEADERS'] },
    ])
  })

  test('has its trailers in a HEADERS frame that ends the stream', () => {
    const trailing: Handler = (_, response) => {
      response.writeHead(200)
      response.end('abc', { 'X-Checksum': 'def' })
    }
    const { frames, response } = http2Exchange(trailing, {}, request(1, GET))
    expect(frames.filter(({ streamId }) => streamId === 1)).toMatchObject([
      { type: 'HEADERS', flags: ['END_HEADERS'] },
      { type: 'DATA', flags: [], length: 3 },
      { type: 'HEADERS', flags: ['END_STREAM', 'END_HEADERS'] },
    ])
    expect(response(1).trailers).toEqual([['x-checksum', 'def']])
  })

  test('to HEAD says how long the body would be, and has none (RFC 9110 section 9.3.2)', () => {
    const { frames, response } = http2Exchange(answering(200, {}, 'abc'), {}, request(1, HEAD))
    expect(response(1)).toEqual({
      informational: [],
      status: 200,
      fields: [['content-length', '3']],
      body: '',
      end: 'END_STREAM',
    })
    expect(frames.filter(({ type }) => type === 'DATA')).toEqual([])
  })

  test('to HEAD that is written in parts has no DATA either, nor trailers', () => {
    const writing: Handler = (_, response) => {
      response.writeHead(200, { 'content-length': 6 })
      response.write('abc')
      response.end('def', { a: '1' })
    }
    const { response } = http2Exchange(writing, {}, request(1, HEAD))
    expect(response(1)).toEqual({
      informational: [],
      status: 200,
      fields: [['content-length', '6']],
      body: '',
      end: 'END_STREAM',
    })
  })

  test.each([204, 205, 304])(
    "with status %i has no content, nor a content-length that isn't given",
    (status) => {
      const { response, frames } = http2Exchange(answering(status), {}, request(1, GET))
      expect(response(1)).toEqual({
        informational: [],
        status,
        fields: [],
        body: '',
        end: 'END_STREAM',
      })
      expect(frames.filter(({ type }) => type === 'DATA')).toEqual([])
    },
  )

  test('with status 304 may have the content-length that 200 would have (RFC 9110 section 8.6)', () => {
    const { response } = http2Exchange(answering(304, { 'content-length': 3 }), {}, request(1, GET))
    expect(response(1)).toMatchObject({ status: 304, fields: [['content-length', '3']], body: '' })
  })
})

describe('8.1 an informational response', () => {
  test('comes before the final one, any number of times', () => {
    const hinting: Handler = (_, response) => {
      response.informational(102)
      response.informational(103, { link: '</a.css>; rel=preload' })
      response.send(200, {}, 'abc')
    }
    const { response } = http2Exchange(hinting, {}, request(1, GET))
    expect(response(1)).toMatchObject({
      informational: [
        { status: 102, fields: [] },
        { status: 103, fields: [['link', '</a.css>; rel=preload']] },
      ],
      status: 200,
      body: 'abc',
    })
  })
})

describe('RFC 9110 10.1.1 Expect: 100-continue', () => {
  const expecting = (value = '100-continue'): FieldList => [...POST, ['expect', value]]

  const reading: Handler = async (request, response) => {
    response.send(200, {}, await request.body.text())
  }

  test.each(['100-continue', '100-Continue'])(
    'is answered with 100 when the handler reads the body (%s)',
    (value) => {
      const { response } = http2Exchange(reading, {}, request(1, expecting(value), { open: true }))
      expect(response(1)).toEqual({ informational: [{ status: 100, fields: [] }], body: '' })
    },
  )

  test('is not answered by 100 if the handler answers without reading', () => {
    const { response } = http2Exchange(answering(413), {}, request(1, expecting(), { open: true }))
    expect(response(1)).toMatchObject({ informational: [], status: 413, end: 'END_STREAM' })
  })

  test('has no answer if there is no body', () => {
    const { response } = http2Exchange(reading, {}, request(1, expecting()))
    expect(response(1).informational).toEqual([])
  })

  test('of anything else has no answer', () => {
    const { response } = http2Exchange(reading, {}, request(1, expecting('200-ok'), { open: true }))
    expect(response(1)).toEqual({ informational: [], body: '' })
  })
})

test('a header block in pieces is a request as in one', () => {
  const { response, handled } = http2Exchange(
    describing,
    {},
    headersFrame(1, '\x82\x87', { endStream: true, padding: 5 }),
    request(3, GET),
  )
  // Without :path.
  expect(response(1).end).toBe('PROTOCOL_ERROR')
  expect(handled).toEqual(['GET /'])
})
