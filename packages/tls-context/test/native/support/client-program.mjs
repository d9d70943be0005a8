import { connect as connectPlain } from 'node:net'
import { connect as connectTls } from 'node:tls'

/*
 * A program of clients by node:net and node:tls, since a server that blocks its thread needs them in
 * another process. It gets conversations and tells what came of each.
 */
const sessions = new Map()

process.on('message', async ({ id, conversation }) => {
  process.send({ id, result: await talk(conversation) })
})
process.on('disconnect', () => process.exit())

function talk(conversation) {
  const { port, tls, write = [], times = 1, pause = 0, reads = true, session } = conversation
  const { afterwards = 'wait' } = conversation
  return new Promise((resolve) => {
    const plain = connectPlain({ port, host: '127.0.0.1' })
    const socket =
      tls === undefined
        ? plain
        : connectTls({
            socket: plain,
            rejectUnauthorized: false,
            ALPNProtocols: ['h2'],
            session: sessions.get(session),
            ...tls,
          })
    const received = []
    const result = { received: '', ended: false, error: undefined, reused: false }
    if (reads) socket.on('data', (octets) => received.push(octets))
    socket.on('session', (made) => sessions.set(session, made))
    socket.on('error', (error) => {
      result.error = error.code
    })
    socket.on('end', () => {
      result.ended = true
      if (afterwards === 'wait') socket.end()
    })
    socket.on('close', () => {
      resolve({ ...result, received: Buffer.concat(received).toString('latin1') })
    })
    socket.once(tls === undefined ? 'connect' : 'secureConnect', async () => {
      result.reused = tls !== undefined && socket.isSessionReused()
      for (const text of Array(times).fill(write).flat()) {
        socket.write(Buffer.from(text, 'latin1'))
        if (pause > 0) await new Promise((done) => setTimeout(done, pause))
      }
      if (afterwards === 'end') socket.end()
      if (afterwards === 'destroy') socket.destroy()
      if (afterwards === 'reset') plain.resetAndDestroy()
    })
  })
}
