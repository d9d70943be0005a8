import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { prebuildResponse } from '@h2lab/mini-http2'
import { requestsVector } from '@h2lab/mini-http2/client'
import { createServer } from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { none, thread } from '../dist/index.js'

/*
 * 10,000 connections one after another, half of them cut off in the middle of handshake, preface or request:
 * descriptors, threads and resident memory have to end where they were. Ends with status 1 if
 * descriptors or threads don't, or resident memory is more than a tenth above.
 *
 *   node bench/connections.bench.mjs            10,000 for each server
 *   node bench/connections.bench.mjs 1000       fewer
 */

/** The heaps have grown to what they need by then. */
const WARM_UP = 5000
const ALLOWED_GROWTH = 1.1

/** More than there are at once: a client that is cut off may be noticed only when others have come. */
const MAX_CLIENTS = 16

/** A request, and the octets of a client that goes: GOAWAY is their end. */
const REQUEST = requestsVector(1)

const METHODS = { none, thread }
const SERVERS = [
  ['none', 'mini', 'plain'],
  ['none', 'http2', 'tls'],
  ['none', 'nghttp2', 'plain'],
  ['none', 'nghttp2', 'tls'],
  ['thread', 'http2', 'tls'],
]

if (process.argv[2] === '--serve') await serve(process.argv[3], process.argv[4], process.argv[5])
else await report(Number(process.argv[2] ?? 10_000))

async function serve(method, protocol, tls) {
  const server = await createServer(METHODS[method], {
    protocol,
    tls: tls === 'tls' ? devTls() : undefined,
    app: prebuildResponse({ body: 'Hello World\n' }),
    maxClients: MAX_CLIENTS,
    onConnectionError({ error, peer }) {
      // Half of the clients are meant to fail, but not so.
      if (error.code === 'TOO_MANY_CLIENTS') console.error(`${peer}: ${error.message}`)
    },
  })
  process.on('message', () => process.send({ port: server.port, ...resources() }))
  process.once('disconnect', () => server.close({ graceMs: 0 }))
}

/** Of this process, proc(5); memory in MiB. */
function resources() {
  const status = readFileSync('/proc/self/status', 'utf8')
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    resident: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) / 1024,
  }
}

async function report(connections) {
  const rows = []
  for (const [method, protocol, tls] of SERVERS) {
    rows.push(await measure(method, protocol, tls, connections))
  }
  console.table(rows)
}

async function measure(method, protocol, tls, connections) {
  const child = fork(fileURLToPath(import.meta.url), ['--serve', method, protocol, tls])
  const ask = async () => {
    child.send('state')
    return (await once(child, 'message'))[0]
  }
  const { port } = await ask()
  const start = performance.now()
  if (method === 'thread') await startThreads(port, tls === 'tls')
  await connectMany(port, tls === 'tls', WARM_UP)
  await settled()
  const before = await ask()
  await connectMany(port, tls === 'tls', connections)
  await settled()
  const after = await ask()
  const seconds = (performance.now() - start) / 1000
  child.disconnect()
  await once(child, 'exit')
  if (
    after.descriptors > before.descriptors ||
    after.threads > before.threads ||
    after.resident > before.resident * ALLOWED_GROWTH
  ) {
    process.exitCode = 1
  }
  return {
    server: `${method}/${protocol} ${tls}`,
    descriptors: `${before.descriptors} -> ${after.descriptors}`,
    threads: `${before.threads} -> ${after.threads}`,
    'resident MiB': `${before.resident.toFixed(1)} -> ${after.resident.toFixed(1)}`,
    'connections/s': Math.round((connections + WARM_UP) / seconds),
  }
}

/** Clients that were cut off are noticed, and garbage of the last ones is collected. */
function settled() {
  return new Promise((resolve) => setTimeout(resolve, 1500))
}

/** All that it will ever have, since threads are kept. */
async function startThreads(port, tls) {
  const clients = await Promise.all(Array.from({ length: MAX_CLIENTS }, () => open(port, tls)))
  // Without TLS a client is connected before it has a thread.
  await settled()
  for (const { socket } of clients) socket.destroy()
  await settled()
}

async function connectMany(port, tls, count) {
  for (let index = 0; index < count; index++) {
    if (index % 2 === 0) await wholeClient(port, tls)
    else await brokenClient(port, tls, index % 4 === 1)
  }
}

/** Connects; a client that is cut off is no fault of it. */
async function open(port, tls) {
  const options = { port, host: '127.0.0.1' }
  const socket = tls
    ? connectTls({ ...options, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
    : connect(options)
  await once(socket, tls ? 'secureConnect' : 'connect')
  socket.on('error', () => {})
  return { socket, closed: new Promise((resolve) => socket.once('close', resolve)) }
}

async function wholeClient(port, tls) {
  const { socket, closed } = await open(port, tls)
  socket.write(REQUEST)
  socket.resume()
  await closed
}

async function brokenClient(port, tls, early) {
  const { socket, closed } = await open(port, tls && !early)
  const octets = tls ? Buffer.from('1603010005', 'hex') : REQUEST.subarray(0, 10)
  const sent = early ? octets : REQUEST.subarray(0, -20)
  await new Promise((resolve) => socket.write(sent, resolve))
  if (early) socket.resetAndDestroy()
  else socket.destroy()
  await closed
}
