import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'

/** How long a connection may take to open, in milliseconds: those that wait in a queue wait longer. */
const OPEN_TIME = 15_000

/** @param allowHalfOpen whether it may send when the server has ended its side */
export function openTcp(url: URL, signal: AbortSignal, allowHalfOpen = false): Promise<Socket> {
  const socket = connectTcp({
    ...placeOf(url),
    noDelay: true,
    allowHalfOpen,
  })
  return opened(socket, 'connect', signal)
}

/** Opens TLS with ALPN `h2` on a new TCP connection. The server's certificate is taken as it is. */
export function openTls(
  url: URL,
  signal: AbortSignal,
  options: ConnectionOptions = {},
): Promise<Socket> {
  const socket = connectTls({
    ...placeOf(url),
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
    ...options,
  })
  socket.setNoDelay(true)
  return opened(socket, 'secureConnect', signal)
}

function placeOf({ hostname, port, protocol }: URL): { host: string; port: number } {
  const usual = protocol === 'https:' ? 443 : 80
  // An IPv6 address without the brackets that URLs have.
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) }
}

async function opened<Kind extends Socket>(
  socket: Kind,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<Kind> {
  const giveUp = () => void socket.destroy(new Error('given up'))
  const timer = setTimeout(giveUp, OPEN_TIME)
  signal.addEventListener('abort', giveUp)
  try {
    if (signal.aborted) giveUp()
    await once(socket, event)
    return socket
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
    // A fault between here and the first listener must not end the process.
    socket.on('error', () => {})
  }
}
