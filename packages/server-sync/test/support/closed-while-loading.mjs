// Closes servers at various times after many clients have connected, whose threads are loading then.
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer } from '@h2lab/mini-http2/server'
import { thread } from '@h2lab/server-sync'

const CLIENTS = 40

const app = { module: new URL('./app.mjs', import.meta.url) }
for (const delay of [50, 150, 300, 600, 1000]) {
  const server = await createServer(thread, { app })
  const { port } = new URL(server.url)
  const sockets = Array.from({ length: CLIENTS }, () => connect(Number(port), '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => {})
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  await sleep(delay)
  await server.close({ graceMs: 0 })
  for (const socket of sockets) socket.destroy()
}
