// Plain JavaScript, because the servers' threads load it directly. Its types are in the .d.mts file.

import { prebuildResponse } from '@h2lab/mini-http2'

const prebuilt = prebuildResponse({ body: 'abc' })

const send =
  (...given) =>
  (response) =>
    response.send(...given)
const sendPrebuilt = (given) => (response) => response.sendPrebuilt(given)
const writeHead =
  (...given) =>
  (response) =>
    response.writeHead(...given)
const write =
  (...given) =>
  (response) =>
    void response.write(...given)
const end =
  (...given) =>
  (response) =>
    response.end(...given)
const informational =
  (...given) =>
  (response) =>
    response.informational(...given)

const HEAD = 'HEAD'
const TWO_LENGTHS = [
  ['content-length', 3],
  ['Content-Length', 3],
]

export const BEFORE_THE_HEAD = {
  'a status below 200': { code: 'INVALID_STATUS', call: send(199) },
  'a status above 599': { code: 'INVALID_STATUS', call: writeHead(600) },
  'an informational status of 200': { code: 'INVALID_STATUS', call: informational(200) },
  'an informational status of 101': { code: 'INVALID_STATUS', call: informational(101) },
  'a name that is no token': { code: 'INVALID_FIELD', call: send(200, { 'a b': '1' }) },
  'a value with a line break': {
    code: 'INVALID_FIELD',
    call: send(200, { b: '1', a: 'b\r\nc: d' }),
  },
  'a value beyond Latin-1': { code: 'INVALID_FIELD', call: writeHead(200, { b: '1', a: '€' }) },
  'a value that is undefined': { code: 'INVALID_FIELD', call: send(200, { a: undefined }) },
  'a pseudo-header field': { code: 'INVALID_FIELD', call: send(200, { ':status': '200' }) },
  'a connection-specific field': {
    code: 'INVALID_FIELD',
    call: send(200, { Connection: 'close' }),
  },
  'an invalid field of an informational response': {
    code: 'INVALID_FIELD',
    call: informational(103, { 'a b': '1' }),
  },
  'a content-length that is no number': {
    code: 'INVALID_FIELD',
    call: send(200, { 'content-length': 'x' }),
  },
  'two fields content-length': { code: 'INVALID_FIELD', call: send(200, TWO_LENGTHS, 'abc') },
  'a body with 204': { code: 'BODY_NOT_ALLOWED', call: send(204, {}, 'abc') },
  'a body with 304': { code: 'BODY_NOT_ALLOWED', call: send(304, {}, 'abc') },
  'a body with 205': { code: 'BODY_NOT_ALLOWED', call: send(205, {}, 'abc') },
  'a body of numbers': { code: 'INVALID_BODY', call: send(200, {}, 12) },
  'a body of 16-bit numbers': { code: 'INVALID_BODY', call: send(200, {}, new Uint16Array(2)) },
  'a body that is an ArrayBuffer': {
    code: 'INVALID_BODY',
    call: send(200, {}, new ArrayBuffer(2)),
  },
  'a body that is a list': { code: 'INVALID_BODY', call: send(200, {}, [1, 2]) },
  'a body that is null': { code: 'INVALID_BODY', call: send(200, {}, null) },
  'a content-length above the body': {
    code: 'CONTENT_LENGTH_MISMATCH',
    call: send(200, { 'content-length': 4 }, 'abc'),
  },
  'a content-length below the body': {
    code: 'CONTENT_LENGTH_MISMATCH',
    call: send(200, { 'content-length': 2 }, 'abc'),
  },
  'a content-length that the body for HEAD would not have': {
    code: 'CONTENT_LENGTH_MISMATCH',
    method: HEAD,
    call: send(200, { 'content-length': 2 }, 'abc'),
  },
  'a content-length with 205': {
    code: 'CONTENT_LENGTH_MISMATCH',
    call: writeHead(205, { 'content-length': 3 }),
  },
  'a prebuilt response that is none': {
    code: 'INVALID_PREBUILT',
    call: sendPrebuilt({ status: 200, headers: [], body: 'abc' }),
  },
  'a part of a body without a head': { code: 'HEAD_NOT_SENT', call: write('abc') },
  'an end without a head': { code: 'HEAD_NOT_SENT', call: end() },
}

const begin = writeHead(200)
const beginWithLength = writeHead(200, { 'content-length': 3 })

export const AFTER_THE_HEAD = {
  'a second head': { code: 'HEAD_ALREADY_SENT', before: begin, call: writeHead(200) },
  'a whole response behind a head': { code: 'HEAD_ALREADY_SENT', before: begin, call: send(200) },
  'a prebuilt response behind a head': {
    code: 'HEAD_ALREADY_SENT',
    before: begin,
    call: sendPrebuilt(prebuilt),
  },
  'an informational response behind a head': {
    code: 'HEAD_ALREADY_SENT',
    before: begin,
    call: informational(103),
  },
  'a part with 204': { code: 'BODY_NOT_ALLOWED', before: writeHead(204), call: write('abc') },
  'a last part with 304': {
    code: 'BODY_NOT_ALLOWED',
    before: writeHead(304, { 'content-length': 3 }),
    call: end('abc'),
  },
  'trailers with 204': {
    code: 'BODY_NOT_ALLOWED',
    before: writeHead(204),
    call: end(undefined, { a: '1' }),
  },
  'a part that is no octets': { code: 'INVALID_BODY', before: begin, call: write({}) },
  'a last part that is no octets': { code: 'INVALID_BODY', before: begin, call: end(1) },
  'a part that is too long': {
    code: 'CONTENT_LENGTH_MISMATCH',
    before: beginWithLength,
    call: write('abcd'),
  },
  'a last part that is too long': {
    code: 'CONTENT_LENGTH_MISMATCH',
    before: beginWithLength,
    call: end('abcd'),
  },
  'a last part that is too short': {
    code: 'CONTENT_LENGTH_MISMATCH',
    before: beginWithLength,
    call: end('ab'),
  },
  'a part for HEAD that is too long': {
    code: 'CONTENT_LENGTH_MISMATCH',
    method: HEAD,
    before: beginWithLength,
    call: write('abcd'),
  },
  'invalid trailers': {
    code: 'INVALID_FIELD',
    before: begin,
    call: end('abc', { b: '1', 'a b': '1' }),
  },
  'pseudo-header fields as trailers': {
    code: 'INVALID_FIELD',
    before: begin,
    call: end('abc', { ':status': '200' }),
  },
}

export const AFTER_THE_END = {
  'a part behind the end': { code: 'RESPONSE_ENDED', before: send(200), call: write('abc') },
  'a second end': { code: 'RESPONSE_ENDED', before: send(200), call: end() },
  'a second response': { code: 'HEAD_ALREADY_SENT', before: send(200), call: send(200) },
  'a second prebuilt response': {
    code: 'HEAD_ALREADY_SENT',
    before: sendPrebuilt(prebuildResponse({})),
    call: sendPrebuilt(prebuilt),
  },
  'an informational response behind the end': {
    code: 'HEAD_ALREADY_SENT',
    before: send(200),
    call: informational(103),
  },
}

const ALL = { ...BEFORE_THE_HEAD, ...AFTER_THE_HEAD, ...AFTER_THE_END }

/**
 * Makes the mistake named by the field `x-misuse`. With `x-catch` it then responds correctly.
 *
 * @type {import('@h2lab/mini-http2').Handler}
 */
export const misuses = ({ headers }, response) => {
  const misuse = ALL[headers.get('x-misuse')]
  if (misuse === undefined) return response.send(200, {}, 'no mistake')
  misuse.before?.(response)
  if (!headers.has('x-catch')) return misuse.call(response)
  try {
    misuse.call(response)
  } catch (error) {
    const { headSent, ended } = response
    response.send(404, { 'x-stands': `${error.code} ${headSent} ${ended}` }, 'instead')
  }
}
