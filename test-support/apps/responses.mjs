// Plain JavaScript, because the servers' threads load it directly. Its types are in the .d.mts file.

import { prebuildResponse } from '@h2lab/mini-http2'

const LARGE = { 'x-large': 'x'.repeat(20_000) }
const ORDINARY = { 'x-ordinary': 'x'.repeat(4000) }
const OWN_DATE = { Date: 'Thu, 01 Jan 1970 00:00:00 GMT' }

const prebuilt = {
  '/prebuilt': prebuildResponse({ body: 'prebuilt\n' }),
  '/prebuilt-date': prebuildResponse({ headers: OWN_DATE, body: 'prebuilt\n' }),
  '/prebuilt-204': prebuildResponse({ status: 204, headers: { 'content-length': 0 } }),
  '/prebuilt-304': prebuildResponse({ status: 304, headers: { 'content-length': 12 } }),
  '/prebuilt-ordinary': prebuildResponse({ headers: ORDINARY }),
  '/prebuilt-large': prebuildResponse({ headers: LARGE }),
}

/** The response for each path. */
const ANSWERS = {
  '/send': (response) => response.send(200, {}, 'send\n'),
  '/steps'(response) {
    response.writeHead(200)
    response.end('steps\n')
  },
  '/404': (response) => response.send(404),
  '/send-date': (response) => response.send(200, OWN_DATE, 'send\n'),
  '/steps-date'(response) {
    response.writeHead(200, OWN_DATE)
    response.end('steps\n')
  },
  '/send-204': (response) => response.send(204, { 'Content-Length': 0, 'x-kept': 1 }),
  '/steps-204'(response) {
    response.writeHead(204, { 'content-length': '0', 'x-kept': 1 })
    response.end()
  },
  '/send-304': (response) => response.send(304, { 'content-length': 12 }),
  '/steps-304'(response) {
    response.writeHead(304, { 'content-length': 12 })
    response.end()
  },
  '/send-205': (response) => response.send(205, { 'content-length': 0 }),
  '/informational'(response) {
    response.informational(103, { 'content-length': 0, link: '</style.css>' })
    response.send(200, {}, 'final\n')
  },
  '/send-ordinary': (response) => response.send(200, ORDINARY, 'send\n'),
  '/send-large': (response) => response.send(200, LARGE),
  '/steps-large': (response) => response.writeHead(200, LARGE),
}

/** @type {import('@h2lab/mini-http2').Handler} */
export const responses = ({ path }, response) => {
  if (path in prebuilt) response.sendPrebuilt(prebuilt[path])
  else ANSWERS[path](response)
}
