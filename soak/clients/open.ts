import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls, createSecureContext } from 'node:tls'

/** How long a connection may take to open, in milliseconds. */
const OPEN_TIME = 30_000
/** Of clients: the server's certificate is taken as it is. */
export const TLS_OPTIONS = {
  ALPNProtocols: ['h2'],
  rejectUnauthorized: false,
  // To make one takes longer than a handshake.
  secureContext: createSecureContext(),
}

/** A connection whose TCP socket is at hand, to be ended below TLS. */
export interface Connection {
  readonly tcp: Socket
  /** What carries HTTP: the same without TLS. */
  readonly stream: Socket
}

/** Opens a connection that carries HTTP/2, over TLS if the URL says so. */
export async function open(url: URL): Promise<Socket> {
  if (url.protocol !== 'https:') return openTcp(url)
  const { hostname: host, port } = url
  const socket = connectTls({ host, port: Number(port), ...TLS_OPTIONS })
  socket.setNoDelay(true)
  return opened(socket, 'secureConnect')
}

/** The same with the TCP socket at hand. */
export async function openBoth(url: URL): Promise<Connection> {
  const tcp = await openTcp(url)
  if (url.protocol !== 'https:') return { tcp, stream: tcp }
  const secure = connectTls({ socket: transport(tcp), ...TLS_OPTIONS })
  return { tcp, stream: await opened(secure, 'secureConnect') }
}

/** Opens a TCP connection, whatever the server expects. */
export async function openTcp({ hostname, port }: URL): Promise<Socket> {
  return opened(connectTcp({ host: hostname, port: Number(port), noDelay: true }), 'connect')
}

/** The first flight of a TLS client. */
export function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = new Duplex({ read() {}, write: (octets: Buffer) => resolve(octets) })
    connectTls({ socket, ...TLS_OPTIONS })
  })
}

/** Carries TLS over a socket that others may reset: Node.js crashes if its TLS uses that socket itself. */
function transport(tcp: Socket): Duplex {
  const duplex = new Duplex({
    read: () => void tcp.resume(),
    write: (octets, _, callback) => void tcp.write(octets, () => callback()),
    destroy: (error, callback) => {
      tcp.destroy()
      callback(error)
    },
  })
  tcp.on('data', (octets) => {
    if (!duplex.push(octets)) tcp.pause()
  })
  tcp.on('end', () => duplex.push(null))
  tcp.on('close', () => duplex.destroy())
  return duplex
}

async function opened(socket: Socket, event: string): Promise<Socket> {
  const timer = setTimeout(
    () => socket.destroy(new Error(`The connection has not opened within ${OPEN_TIME} ms.`)),
    OPEN_TIME,
  )
  try {
    await once(socket, event)
  } finally {
    clearTimeout(timer)
    // A fault shows in the end of the socket.
    socket.on('error', () => {})
  }
  return socket
}
