import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import {
  type ConnectionOptions,
  connect,
  createServer,
  type TLSSocket,
  type TlsOptions,
} from 'node:tls'
import { onTestFinished } from 'vitest'

/** A TLS server on a free port of 127.0.0.1 until the test has finished. It sends one octet. */
export async function serve(
  options: TlsOptions,
  onConnection: (socket: TLSSocket) => void = () => {},
): Promise<number> {
  const sockets = new Set<TLSSocket>()
  const server = createServer(options, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
    socket.write('.')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port
}

/** What a client learnt from a connection that worked. */
export interface Connected {
  readonly alpn: string | false | null
  readonly version: string | null
  readonly cipher: string
  readonly reused: boolean
}

/**
 * Connects, waits until the server's first octet has come, and closes. Rejects with the client's
 * error: with TLS 1.3 a server's refusal arrives after the client's side of the handshake.
 */
export function connectOnce(port: number, options: ConnectionOptions = {}): Promise<Connected> {
  return new Promise((resolve, reject) => {
    const socket = connectH2(port, options)
    socket.on('error', reject)
    socket.on('end', () => reject(new Error('the server closed without an answer')))
    socket.once('data', () => {
      resolve({
        alpn: socket.alpnProtocol,
        version: socket.getProtocol(),
        cipher: socket.getCipher().name,
        reused: socket.isSessionReused(),
      })
      socket.destroy()
    })
  })
}

/** Connects, waits for a session to resume later, and closes. */
export function sessionOf(port: number, options: ConnectionOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connectH2(port, options)
    socket.on('error', reject)
    // With TLS 1.3 it comes after the handshake, and only to a client that reads.
    socket.on('data', () => {})
    socket.once('session', (session) => {
      resolve(session)
      socket.destroy()
    })
  })
}

function connectH2(port: number, options: ConnectionOptions): TLSSocket {
  return connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ALPNProtocols: ['h2'],
    ...options,
  })
}
