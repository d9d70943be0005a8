// Starts a server, lets a client fill the heap of its thread, and prints what is told and answered. Needs a small heap.
import { once } from 'node:events'
import { connect } from 'node:http2'
import { createServer } from '@h2lab/mini-http2/server'
import { asyncCustom } from '@h2lab/server-async'

const PLACES = 3

const server = await createServer(asyncCustom, {
  app: { module: new URL('../../../../../test-support/apps/dying.mjs', import.meta.url) },
  maxClients: PLACES,
  onConnectionError: ({ error }) => console.log(`${error.code}: ${error.message}`),
})

function session() {
  const client = connect(server.url)
  client.on('error', () => {})
  return client
}

const lost = Array.from({ length: PLACES }, session)
await Promise.all(lost.map((client) => once(client, 'remoteSettings')))
// Not by `once`, which rejects where the connection ends by a reset.
const closed = lost.map((client) => new Promise((resolve) => client.once('close', resolve)))
lost[0].request({ ':path': '/fills-its-heap' }).on('error', () => {})
await Promise.all(closed)

for (let place = 0; place < PLACES; place++) {
  const [fields] = await once(session().request(), 'response')
  console.log(fields[':status'])
}
process.exit()
