import { readFileSync } from 'node:fs'
import http2 from 'node:http2'
import { installFetchClasses, prebuildResponse, toHandler } from '@h2lab/mini-http2'
import { createServer } from '@h2lab/mini-http2/server'
import { asyncSockets, nodeHttp2 } from '@h2lab/server-async'
import { devTls, readTlsCredentials } from '@h2lab/tls-context'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

/*
 * The process that one server under measurement runs in: `fork` it with the server's name. It
 * tells its port, and then its CPU time and memory whenever it is asked.
 */

const HELLO = prebuildResponse({
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'Hello World\n',
})
const LARGE = new Uint8Array(2 ** 20).fill(0x61)

const answersWithPrebuilt = (request, response) => {
  if (request.method === 'GET' && request.path === '/') response.sendPrebuilt(HELLO)
  else response.send(404)
}
const answersWithSend = (_, response) => {
  response.send(200, { 'content-type': 'text/plain', 'x-served-by': 'h2lab' }, 'Hello World\n')
}
const download = (_, response) => response.send(200, {}, LARGE)
const upload = async (request, response) => {
  let length = 0
  for await (const octets of request.body) length += octets.length
  response.send(200, {}, String(length))
}

const hono = new Hono()
hono.get('/', (context) => context.text('Hello World\n', 200, { 'x-served-by': 'hono' }))

const tls = await readTlsCredentials(await devTls())

/** On node:http2 itself, in its cheapest way: the stream API. */
function onNodeHttp2(onStream) {
  return async () => {
    const server = http2.createSecureServer(tls).on('stream', onStream)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    return server.address().port
  }
}

function onH2lab(method, protocol, app) {
  return async () => (await createServer(method, { protocol, app, tls })).port
}

const SERVERS = {
  'node-http2': onH2lab(nodeHttp2, undefined, HELLO),
  'async/mini': onH2lab(asyncSockets, 'mini', HELLO),
  'async/http2, sendPrebuilt': onH2lab(asyncSockets, 'http2', answersWithPrebuilt),
  'async/http2, send': onH2lab(asyncSockets, 'http2', answersWithSend),
  'async/http2, toHandler(hono)': () => {
    // Both Hono servers replace the global Response by a cheaper one: node-server does it by itself.
    installFetchClasses()
    return onH2lab(asyncSockets, 'http2', toHandler(hono.fetch))()
  },
  'hono on @hono/node-server with node:http2': () =>
    new Promise((resolve) => {
      const { fetch } = hono
      const options = { fetch, port: 0, hostname: '127.0.0.1' }
      serve(
        { ...options, createServer: http2.createSecureServer, serverOptions: tls },
        ({ port }) => resolve(port),
      )
    }),
  'node-http2, download': onNodeHttp2((stream) => {
    stream.respond({ ':status': 200, 'content-length': LARGE.length })
    stream.end(LARGE)
  }),
  'async/http2, download': onH2lab(asyncSockets, 'http2', download),
  'node-http2, upload': onNodeHttp2((stream) => {
    let length = 0
    stream.on('data', (octets) => {
      length += octets.length
    })
    stream.on('end', () => {
      stream.respond({ ':status': 200 })
      stream.end(String(length))
    })
  }),
  'async/http2, upload': onH2lab(asyncSockets, 'http2', upload),
}

/** VmRSS of proc(5), in octets: what the process holds right now. */
function residentMemory() {
  return Number(/VmRSS:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
}

process.on('disconnect', () => process.exit())
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send({ cpu: user + system, memory: residentMemory() })
})
process.send({ port: await SERVERS[process.argv[2]]() })
