import { describe, expect, test } from 'vitest'
import type { FieldList } from '../../src'
import {
  type FieldsInit,
  MisuseError,
  type MisuseErrorCode,
  prebuildResponse,
  type ResponseBody,
  type ServerResponse,
} from '../../src'
import { settingsFrame } from '../support/frames'
import { Http2Client, turn } from '../support/http2-client'
import { GET, HEAD, request } from '../support/http2-messages'

const CONNECT: FieldList = [
  [':method', 'CONNECT'],
  [':authority', 'example.org:443'],
]

/** A mistake, before a head was sent or after. */
interface Misuse {
  readonly code: MisuseErrorCode
  /** What makes the mistake. */
  readonly call: (response: ServerResponse) => void
  readonly request?: FieldList
  /** What is right, and comes before. */
  readonly before?: (response: ServerResponse) => void
}

const send =
  (status: number, headers?: FieldsInit, body?: ResponseBody) =>
  (response: ServerResponse): void =>
    response.send(status, headers, body)

const writeHead =
  (status: number, headers?: FieldsInit) =>
  (response: ServerResponse): void =>
    response.writeHead(status, headers)

const write =
  (body: ResponseBody) =>
  (response: ServerResponse): void =>
    void response.write(body)

const end =
  (body?: ResponseBody, trailers?: FieldsInit) =>
  (response: ServerResponse): void =>
    response.end(body, trailers)

const informational =
  (status: number, headers?: FieldsInit) =>
  (response: ServerResponse): void =>
    response.informational(status, headers)

const prebuilt = prebuildResponse({ body: 'abc' })
const tooManyFields = { a: 'x'.repeat(1000) }
const wrongBody = (body: unknown) => body as ResponseBody

const BEFORE_THE_HEAD: readonly [string, Misuse][] = [
  ['a status below 200', { code: 'INVALID_STATUS', call: send(199) }],
  ['a status above 599', { code: 'INVALID_STATUS', call: writeHead(600) }],
  ['an informational status of 200', { code: 'INVALID_STATUS', call: informational(200) }],
  ['an informational status of 101', { code: 'INVALID_STATUS', call: informational(101) }],
  ['a name that is no token', { code: 'INVALID_FIELD', call: send(200, { 'a b': '1' }) }],
  [
    'a value with a line break',
    { code: 'INVALID_FIELD', call: send(200, { b: '1', a: 'b\r\nc: d' }) },
  ],
  ['a value beyond Latin-1', { code: 'INVALID_FIELD', call: writeHead(200, { b: '1', a: '€' }) }],
  [
    'a value that is undefined',
    { code: 'INVALID_FIELD', call: send(200, { a: undefined } as unknown as FieldsInit) },
  ],
  ['a pseudo-header field', { code: 'INVALID_FIELD', call: send(200, { ':status': '200' }) }],
  [
    'a connection-specific field',
    { code: 'INVALID_FIELD', call: send(200, { Connection: 'close' }) },
  ],
  [
    'an invalid field of an informational response',
    { code: 'INVALID_FIELD', call: informational(103, { 'a b': '1' }) },
  ],
  [
    'a content-length that is no number',
    { code: 'INVALID_FIELD', call: send(200, { 'content-length': 'x' }) },
  ],
  [
    'two fields content-length',
    {
      code: 'INVALID_FIELD',
      call: send(
        200,
        [
          ['content-length', 3],
          ['Content-Length', 3],
        ],
        'abc',
      ),
    },
  ],
  [
    'a content-length with 204',
    { code: 'INVALID_FIELD', call: send(204, { 'content-length': 0 }) },
  ],
  [
    'a content-length with 103',
    { code: 'INVALID_FIELD', call: informational(103, { 'content-length': 0 }) },
  ],
  [
    'a content-length where a tunnel begins',
    { code: 'INVALID_FIELD', request: CONNECT, call: writeHead(200, { 'content-length': 3 }) },
  ],
  [
    'a prebuilt response where a tunnel begins',
    {
      code: 'INVALID_FIELD',
      request: CONNECT,
      call: (response) => response.sendPrebuilt(prebuilt),
    },
  ],
  ['a body with 204', { code: 'BODY_NOT_ALLOWED', call: send(204, {}, 'abc') }],
  ['a body with 304', { code: 'BODY_NOT_ALLOWED', call: send(304, {}, 'abc') }],
  ['a body with 205', { code: 'BODY_NOT_ALLOWED', call: send(205, {}, 'abc') }],
  ['a body of numbers', { code: 'INVALID_BODY', call: send(200, {}, wrongBody(12)) }],
  [
    'a body of 16-bit numbers',
    { code: 'INVALID_BODY', call: send(200, {}, wrongBody(new Uint16Array(2))) },
  ],
  [
    'a body that is an ArrayBuffer',
    { code: 'INVALID_BODY', call: send(200, {}, wrongBody(new ArrayBuffer(2))) },
  ],
  ['a body that is a list', { code: 'INVALID_BODY', call: send(200, {}, wrongBody([1, 2])) }],
  ['a body that is null', { code: 'INVALID_BODY', call: send(200, {}, wrongBody(null)) }],
  [
    'a content-length above the body',
    { code: 'CONTENT_LENGTH_MISMATCH', call: send(200, { 'content-length': 4 }, 'abc') },
  ],
  [
    'a content-length below the body',
    { code: 'CONTENT_LENGTH_MISMATCH', call: send(200, { 'content-length': 2 }, 'abc') },
  ],
  [
    'a content-length that the body for HEAD would not have',
    {
      code: 'CONTENT_LENGTH_MISMATCH',
      request: HEAD,
      call: send(200, { 'content-length': 2 }, 'abc'),
    },
  ],
  [
    'a content-length with 205',
    { code: 'CONTENT_LENGTH_MISMATCH', call: writeHead(205, { 'content-length': 3 }) },
  ],
  [
    'more fields than the client takes',
    { code: 'HEADER_LIST_TOO_LARGE', call: send(200, tooManyFields) },
  ],
  [
    'more fields in a head than the client takes',
    { code: 'HEADER_LIST_TOO_LARGE', call: writeHead(200, tooManyFields) },
  ],
  [
    'more fields of an informational response than the client takes',
    { code: 'HEADER_LIST_TOO_LARGE', call: informational(103, tooManyFields) },
  ],
  [
    'more prebuilt fields than the client takes',
    {
      code: 'HEADER_LIST_TOO_LARGE',
      call: (response) => response.sendPrebuilt(prebuildResponse({ headers: tooManyFields })),
    },
  ],
  ['a part of a body without a head', { code: 'HEAD_NOT_SENT', call: write('abc') }],
  ['an end without a head', { code: 'HEAD_NOT_SENT', call: end() }],
]

const begin = writeHead(200)
const beginWithLength = writeHead(200, { 'content-length': 3 })

const AFTER_THE_HEAD: readonly [string, Misuse][] = [
  ['a second head', { code: 'HEAD_ALREADY_SENT', before: begin, call: writeHead(200) }],
  ['a whole response behind a head', { code: 'HEAD_ALREADY_SENT', before: begin, call: send(200) }],
  [
    'a prebuilt response behind a head',
    {
      code: 'HEAD_ALREADY_SENT',
      before: begin,
      call: (response) => response.sendPrebuilt(prebuilt),
    },
  ],
  [
    'an informational response behind a head',
    { code: 'HEAD_ALREADY_SENT', before: begin, call: informational(103) },
  ],
  ['a part with 204', { code: 'BODY_NOT_ALLOWED', before: writeHead(204), call: write('abc') }],
  [
    'a last part with 304',
    { code: 'BODY_NOT_ALLOWED', before: writeHead(304, { 'content-length': 3 }), call: end('abc') },
  ],
  [
    'trailers with 204',
    { code: 'BODY_NOT_ALLOWED', before: writeHead(204), call: end(undefined, { a: '1' }) },
  ],
  ['a part that is no octets', { code: 'INVALID_BODY', before: begin, call: write(wrongBody({})) }],
  [
    'a last part that is no octets',
    { code: 'INVALID_BODY', before: begin, call: end(wrongBody(1)) },
  ],
  [
    'a part that is too long',
    { code: 'CONTENT_LENGTH_MISMATCH', before: beginWithLength, call: write('abcd') },
  ],
  [
    'a last part that is too long',
    { code: 'CONTENT_LENGTH_MISMATCH', before: beginWithLength, call: end('abcd') },
  ],
  [
    'a last part that is too short',
    { code: 'CONTENT_LENGTH_MISMATCH', before: beginWithLength, call: end('ab') },
  ],
  [
    'invalid trailers',
    { code: 'INVALID_FIELD', before: begin, call: end('abc', { b: '1', 'a b': '1' }) },
  ],
  [
    'pseudo-header fields as trailers',
    { code: 'INVALID_FIELD', before: begin, call: end('abc', { ':status': '200' }) },
  ],
  [
    'more trailers than the client takes',
    { code: 'HEADER_LIST_TOO_LARGE', before: begin, call: end('abc', tooManyFields) },
  ],
]

const AFTER_THE_END: readonly [string, Misuse][] = [
  ['a part behind the end', { code: 'RESPONSE_ENDED', before: send(200), call: write('abc') }],
  ['a second end', { code: 'RESPONSE_ENDED', before: send(200), call: end() }],
  ['a second response', { code: 'HEAD_ALREADY_SENT', before: send(200), call: send(200) }],
  [
    'an informational response behind the end',
    { code: 'HEAD_ALREADY_SENT', before: send(200), call: informational(103) },
  ],
]

/** Makes a mistake on stream 1 in a handler that doesn't catch it, and asks again on stream 3. */
async function afterMistake(
  { call, before, request: fields = GET }: Misuse,
  how: 'at once' | 'later',
): Promise<{ client: Http2Client; errors: unknown[] }> {
  const errors: unknown[] = []
  const client = new Http2Client(
    (request, response) => {
      if (request.headers.has('next')) {
        response.send(200, { next: '1', 'x-long': 'y'.repeat(50) }, 'next')
        return
      }
      const run = () => {
        before?.(response)
        call(response)
      }
      if (how === 'at once') return run()
      return turn().then(run)
    },
    { onHandlerError: (error) => void errors.push(error) },
    settingsFrame({ MAX_HEADER_LIST_SIZE: 500 }),
  )
  client.send(request(1, fields))
  await turn()
  await turn()
  client.send(request(3, [...GET, ['next', '1']]))
  return { client, errors }
}

/** Expects that the connection goes on, and its dynamic table with it. */
function expectNext(client: Http2Client): void {
  expect(client.connection.state).toBe('open')
  expect(client.response(3)).toMatchObject({
    status: 200,
    fields: [
      ['next', '1'],
      ['x-long', 'y'.repeat(50)],
      ['content-length', '4'],
    ],
    body: 'next',
    end: 'END_STREAM',
  })
}

describe.each(['at once', 'later'] as const)('a mistake of a handler that answers %s', (how) => {
  test.each(BEFORE_THE_HEAD)('%s is thrown, and the client gets a 500', async (_, misuse) => {
    const { client, errors } = await afterMistake(misuse, how)
    expect(errors).toEqual([expect.any(MisuseError)])
    expect(errors).toMatchObject([{ code: misuse.code }])
    expect(client.response(1)).toMatchObject({
      informational: [],
      status: 500,
      body: '',
      end: 'END_STREAM',
    })
    expectNext(client)
  })

  test.each(AFTER_THE_HEAD)('%s is thrown, and the client gets a reset', async (_, misuse) => {
    const { client, errors } = await afterMistake(misuse, how)
    expect(errors).toMatchObject([{ name: 'MisuseError', code: misuse.code }])
    expect(client.response(1)).toMatchObject({ body: '', end: 'INTERNAL_ERROR' })
    expect(client.response(1).trailers).toBeUndefined()
    expectNext(client)
  })

  test.each(AFTER_THE_END)('%s is thrown, and the response stays as it is', async (_, misuse) => {
    const { client, errors } = await afterMistake(misuse, how)
    expect(errors).toMatchObject([{ name: 'MisuseError', code: misuse.code }])
    expect(client.response(1)).toMatchObject({
      informational: [],
      status: 200,
      body: '',
      end: 'END_STREAM',
    })
    expectNext(client)
  })

  test.each(BEFORE_THE_HEAD)('%s, if it is caught, leaves everything open', async (_, misuse) => {
    const catching: Misuse = {
      ...misuse,
      call: (response) => {
        expect(() => misuse.call(response)).toThrow(expect.objectContaining({ code: misuse.code }))
        expect([response.headSent, response.ended]).toEqual([false, false])
        response.send(404, { a: '1' }, 'instead')
      },
    }
    const { client, errors } = await afterMistake(catching, how)
    expect(errors).toEqual([])
    expect(client.response(1)).toMatchObject({ informational: [], status: 404, end: 'END_STREAM' })
    expectNext(client)
  })
})
