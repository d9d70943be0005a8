import { once } from 'node:events'
import tls from 'node:tls'
import { CLIENT_PREFACE, makeSettingsFrame, SETTINGS_ACK_FRAME } from '@h2lab/mini-http2'
import { expectRatio, startServer } from './support/measured.mjs'

/*
 * What an idle TLS client costs: resident memory of the server's process for each of 10,000
 * connections that have exchanged SETTINGS and then say nothing.
 */

const CONNECTIONS = 10_000
/** Handshakes at once: enough to keep the server busy, few enough for its accept queue. */
const AT_ONCE = 50

const KIB = 1024
const OPENING = Buffer.concat([CLIENT_PREFACE, makeSettingsFrame({}), SETTINGS_ACK_FRAME])

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

async function measure(name) {
  const server = await startServer(name)
  const sockets = []
  try {
    for (let index = 0; index < AT_ONCE; index++) sockets.push(await connect(server.port))
    const before = (await server.usage()).memory
    let connecting = 0
    const open = async () => {
      while (sockets.length + connecting < CONNECTIONS) {
        connecting++
        sockets.push(await connect(server.port))
        connecting--
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, open))
    const count = sockets.length - AT_ONCE
    const after = (await server.usage()).memory
    return (after - before) / count / KIB
  } finally {
    for (const socket of sockets) socket.destroy()
    await server.end()
  }
}

const node = await measure('node-http2')
const ours = await measure('async/http2, sendPrebuilt')
console.log(`Resident memory of each of ${CONNECTIONS} idle TLS connections:`)
console.table({
  'node-http2': { KiB: Number(node.toFixed(1)) },
  'async/http2': { KiB: Number(ours.toFixed(1)) },
})
expectRatio('KiB of async/http2', ours, 38)
