// One process of TLS clients, started by the handshakes benchmark: eight at once connect, make one request
// and say goodbye by GOAWAY, until there were as many as asked for. Fails if a handshake isn't of the
// kind asked for.
//
//   node bench/handshake-clients.mjs URL full|resumed COUNT
import { once } from 'node:events'
import { connect } from 'node:tls'
import { requestsVector } from '@h2lab/mini-http2/client'

const AT_ONCE = 8
const [url, kind, count] = process.argv.slice(2)
const { hostname: host, port } = new URL(url)

const REQUEST = requestsVector(1)

async function handshake(session) {
  const socket = connect({ host, port, session, ALPNProtocols: ['h2'], rejectUnauthorized: false })
  let newSession
  socket.on('session', (ticket) => {
    newSession = ticket
  })
  await once(socket, 'secureConnect')
  const reused = socket.isSessionReused()
  socket.write(REQUEST)
  socket.resume()
  await once(socket, 'end')
  socket.end()
  return { newSession, reused }
}

const session = kind === 'resumed' ? (await handshake()).newSession : undefined
let left = Number(count)
const startedAt = performance.now()
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) {
      const { reused } = await handshake(session)
      if (reused !== (kind === 'resumed')) throw new Error(`The handshake was not ${kind}.`)
    }
  }),
)
console.log(JSON.stringify({ rate: (Number(count) * 1000) / (performance.now() - startedAt) }))
