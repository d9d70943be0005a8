import { once } from 'node:events'
import http2 from 'node:http2'
import tls from 'node:tls'

/** What a client learns from a request. */
export interface TlsAnswer {
  readonly status: number | undefined
  /** The version of TLS, such as `TLSv1.3`. */
  readonly version: string | null
  /** The OpenSSL name of the cipher suite. */
  readonly cipher: string
}

/**
 * Makes one HTTP/2 request on a new TLS connection.
 *
 * @param options the certificate, versions and cipher suites of the client
 * @returns rejects if the server refuses the client during the handshake or, with TLS 1.3, after it
 */
export async function requestWithTls(
  url: string,
  options: tls.ConnectionOptions = {},
): Promise<TlsAnswer> {
  const { hostname, port } = new URL(url)
  const socket = tls.connect({
    host: hostname,
    port: Number(port),
    rejectUnauthorized: false,
    ALPNProtocols: ['h2'],
    ...options,
  })
  try {
    await once(socket, 'secureConnect')
    const status = await answerOn(url, socket)
    return { status, version: socket.getProtocol(), cipher: socket.getCipher().name }
  } finally {
    socket.on('error', () => {})
    socket.destroy()
  }
}

function answerOn(url: string, socket: tls.TLSSocket): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url, { createConnection: () => socket })
    session.on('error', reject)
    session.on('close', () => reject(new Error('The server closed the connection.')))
    const stream = session.request()
    stream.on('error', reject)
    stream.on('response', (fields) => resolve(fields[':status']))
  })
}
