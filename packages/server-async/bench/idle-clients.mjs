// Many clients that have made one request and then do nothing, in a process of their own. Started with the
// server's URL and their number; ends when its parent disconnects.
import tls from 'node:tls'
import { requestsVector } from '@h2lab/mini-http2/client'

const [url, count] = process.argv.slice(2)
const { hostname: host, port } = new URL(url)

/** How many connect at once: below the backlog. */
const AT_ONCE = 50

// Without the GOAWAY frame at the end.
const request = requestsVector(1).subarray(0, -17)

function connect() {
  return new Promise((resolve, reject) => {
    const options = { host, port, ALPNProtocols: ['h2'], rejectUnauthorized: false }
    const socket = tls.connect(options, () => socket.write(request))
    socket.once('data', () => resolve())
    socket.once('error', reject)
  })
}

for (let connected = 0; connected < count; connected += AT_ONCE) {
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - connected) }, connect))
}
process.send('connected')
process.on('disconnect', () => process.exit())
