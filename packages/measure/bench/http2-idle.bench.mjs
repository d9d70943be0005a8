import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { CLIENT_PREFACE, makeSettingsFrame, SETTINGS_ACK_FRAME } from '@h2lab/mini-http2/frames'
import { devTls } from '@h2lab/tls-context'
import { estimate } from '../dist/index.js'
import { expectAtMost, withInterval } from './support/expectations.mjs'
import { benchTargets, progress, repetitionsOr } from './support/in-turns.mjs'

/*
 * What an idle TLS client costs: resident memory of the server's process for each of 10,000
 * connections that have exchanged SETTINGS and then say nothing.
 *
 *   node bench/http2-idle.bench.mjs [repetitions]
 */

const CONNECTIONS = 10_000
/** Handshakes at once: enough to keep the server busy, few enough for its accept queue. */
const AT_ONCE = 50

const KIB = 1024
const OPENING = Buffer.concat([CLIENT_PREFACE, makeSettingsFrame({}), SETTINGS_ACK_FRAME])

const repetitions = repetitionsOr(3)
const targets = benchTargets(['node-http2', 'async/http2, sendPrebuilt'])
const sizes = new Map(targets.map((target) => [target, []]))
for (let round = 1; round <= repetitions; round++) {
  progress(`${round} of ${repetitions}`)
  for (const target of targets) sizes.get(target).push(await measure(target))
}
progress('')
const [node, ours] = [...sizes.values()].map(estimate)
console.log(`KiB of resident memory of each of ${CONNECTIONS} idle TLS connections:`)
console.table({ 'node-http2': withInterval(node), 'async/http2': withInterval(ours) })
expectAtMost('KiB of async/http2', ours, 38)

async function measure(target) {
  const server = await target.start({ tls: await devTls() })
  const { port } = new URL(server.url)
  const sockets = []
  try {
    for (let index = 0; index < AT_ONCE; index++) sockets.push(await connect(port))
    const before = residentMemory(server.pid)
    let connecting = 0
    const open = async () => {
      while (sockets.length + connecting < CONNECTIONS) {
        connecting++
        sockets.push(await connect(port))
        connecting--
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, open))
    return (residentMemory(server.pid) - before) / (sockets.length - AT_ONCE) / KIB
  } finally {
    for (const socket of sockets) socket.destroy()
    await server.stop()
  }
}

async function connect(port) {
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ALPNProtocols: ['h2'],
  })
  // The server's SETTINGS show that it has set the connection up.
  socket.write(OPENING)
  await once(socket, 'data')
  return socket
}

/** VmRSS of proc(5), in octets: what a process holds right now. */
function residentMemory(pid) {
  return Number(/VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * KIB
}
