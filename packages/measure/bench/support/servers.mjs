import http2 from 'node:http2'
import { prebuildResponse } from '@h2lab/mini-http2'
import { installFetchClasses, toHandler } from '@h2lab/mini-http2/fetch'
import { createServer } from '@h2lab/mini-http2/server'
import { asyncSockets, nodeHttp2 } from '@h2lab/server-async'
import { readTlsCredentials } from '@h2lab/tls-context'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { serveMeasured } from '../../dist/index.js'
import { burner } from './burning.mjs'

/*
 * The process that one server of a benchmark runs in: see processTarget.
 */

const HELLO = prebuildResponse({
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'Hello World\n',
})
const LARGE = new Uint8Array(2 ** 20).fill(0x61)
const PLAIN = { 'content-type': 'text/plain' }

const answersWithPrebuilt = (request, response) => {
  if (request.method === 'GET' && request.path === '/') response.sendPrebuilt(HELLO)
  else response.send(404)
}
const answersWithSend = (_, response) => {
  response.send(200, { ...PLAIN, 'x-served-by': 'h2lab' }, 'Hello World\n')
}
const download = (_, response) => response.send(200, {}, LARGE)
const upload = async (request, response) => {
  let length = 0
  for await (const octets of request.body) length += octets.length
  response.send(statusOf(request.method, length), {}, String(length))
}

/** An upload that has nothing in it is none: its figure must not be one either. */
function statusOf(method, length) {
  return method === 'POST' && length === 0 ? 400 : 200
}

/** Answers as `answersWithPrebuilt`, and burns a share of CPU time more. */
function twin(more) {
  if (more === 0) return answersWithPrebuilt
  const burn = burner(more)
  return (request, response) => {
    burn()
    answersWithPrebuilt(request, response)
  }
}

const hono = new Hono()
hono.get('/', (context) => context.text('Hello World\n', 200, { 'x-served-by': 'hono' }))

/** On one of our methods. */
function on(method, protocol, app) {
  return async (tls) => {
    const server = await createServer(method, { protocol, app, tls })
    return { url: server.url, close: () => server.close({ graceMs: 0 }) }
  }
}

/** On node:http2 itself, in its cheapest way: the stream API. */
function onNodeHttp2(onStream) {
  return async (tls) => {
    const server = http2.createSecureServer(await readTlsCredentials(tls))
    return listening(server.on('stream', onStream))
  }
}

async function listening(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  return { url: `https://127.0.0.1:${port}/`, close: async () => process.exit() }
}

const SERVERS = {
  'node-http2': on(nodeHttp2, undefined, HELLO),
  'async/mini': on(asyncSockets, 'mini', HELLO),
  'async/http2, sendPrebuilt': on(asyncSockets, 'http2', answersWithPrebuilt),
  'async/http2, send': on(asyncSockets, 'http2', answersWithSend),
  'async/http2, toHandler(hono)': (tls) => {
    // Both Hono servers replace the global Response by a cheaper one: node-server does it by itself.
    installFetchClasses()
    return on(asyncSockets, 'http2', toHandler(hono.fetch))(tls)
  },
  'hono on @hono/node-server with node:http2': async (tls) =>
    listening(
      createAdaptorServer({
        fetch: hono.fetch,
        createServer: http2.createSecureServer,
        serverOptions: await readTlsCredentials(tls),
      }),
    ),
  'node-http2, download': onNodeHttp2((stream) => {
    stream.respond({ ':status': 200, 'content-length': LARGE.length })
    stream.end(LARGE)
  }),
  'async/http2, download': on(asyncSockets, 'http2', download),
  'node-http2, upload': onNodeHttp2((stream, headers) => {
    let length = 0
    stream.on('data', (octets) => {
      length += octets.length
    })
    stream.on('end', () => {
      stream.respond({ ':status': statusOf(headers[':method'], length) })
      stream.end(String(length))
    })
  }),
  'async/http2, upload': on(asyncSockets, 'http2', upload),
}

serveMeasured(async ({ name, tls }) => {
  // A twin is `async/http2, sendPrebuilt` itself, or burns a share more: `async/http2 + 0.05`.
  const [, more] = /^async\/http2 \+ ([\d.]+)$/.exec(name) ?? []
  if (more !== undefined) return on(asyncSockets, 'http2', twin(Number(more)))(tls)
  const start = SERVERS[name]
  if (start === undefined) throw new Error(`There is no ${name}.`)
  return start(tls)
})
