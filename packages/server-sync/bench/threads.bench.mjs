import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { fileURLToPath } from 'node:url'
import { estimate } from '@h2lab/measure'
import { prebuildResponse } from '@h2lab/mini-http2'
import { createServer } from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { withInterval } from '../../measure/bench/support/expectations.mjs'
import { none, thread } from '../dist/index.js'

/*
 * What a client costs that has a thread of its own: resident memory for each, and the time from connecting
 * to the answer of its first request, with a thread that has to be started and with one that waits. Beside it
 * `none`, where there is nothing to hand over.
 *
 *   node bench/threads.bench.mjs          prints a table
 *   node bench/threads.bench.mjs --json   prints it as JSON
 */

const CLIENTS = 50
const ROUNDS = 200

const METHODS = { none, thread }

if (process.argv[2] === '--serve') await serve(process.argv[3], process.argv[4], process.argv[5])
else await report()

/** In a process of its own, so that its memory is the server's only. */
async function serve(method, protocol, tls) {
  const server = await createServer(METHODS[method], {
    protocol,
    tls: tls === 'tls' ? devTls() : undefined,
    app: prebuildResponse({ body: 'Hello World\n' }),
    onConnectionError: ({ error, peer }) => console.error(`${peer}: ${error.message}`),
  })
  process.on('message', () => process.send({ url: server.url, resident: residentMemory() }))
  process.once('disconnect', () => server.close({ graceMs: 0 }))
}

/** Octets, proc(5). */
function residentMemory() {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
}

async function report() {
  const rows = []
  for (const tls of ['plain', 'tls']) {
    for (const [method, protocol] of [
      ['none', 'mini'],
      ['thread', 'mini'],
      ['thread', 'http2'],
    ]) {
      rows.push({
        server: `${method}/${protocol} ${tls}`,
        ...(await measure(method, protocol, tls)),
      })
    }
  }
  if (process.argv[2] === '--json') console.log(JSON.stringify(rows, undefined, 2))
  else console.table(rows)
}

async function measure(method, protocol, tls) {
  const child = fork(fileURLToPath(import.meta.url), ['--serve', method, protocol, tls])
  const ask = async () => {
    child.send('state')
    return (await once(child, 'message'))[0]
  }
  const { url } = await ask()
  await oneRequest(url)
  const result = {}
  if (method === 'thread') {
    const before = (await ask()).resident
    const times = []
    const sessions = []
    for (let index = 0; index < CLIENTS; index++) {
      const { time, session } = await request(url)
      times.push(time)
      sessions.push(session)
    }
    const after = (await ask()).resident
    result['MiB for each client'] = round((after - before) / 2 ** 20 / CLIENTS)
    // The first one finds a thread.
    result['ms with a new thread'] = withInterval(estimate(times.slice(1)))
    await Promise.all(sessions.map(close))
  }
  const times = []
  for (let index = 0; index < ROUNDS; index++) times.push(await oneRequest(url))
  result['ms with one that waits'] = withInterval(estimate(times))
  child.disconnect()
  await once(child, 'exit')
  return result
}

async function request(url) {
  const start = performance.now()
  const session = connect(url, { rejectUnauthorized: false })
  const stream = session.request({ ':path': '/' })
  stream.resume()
  await once(stream, 'end')
  return { time: performance.now() - start, session }
}

async function oneRequest(url) {
  const { time, session } = await request(url)
  await close(session)
  return time
}

async function close(session) {
  session.close()
  if (!session.destroyed) await once(session, 'close')
}

function round(value) {
  return Number(value.toFixed(2))
}
