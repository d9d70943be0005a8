import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import type { FieldList } from '@h2lab/mini-http2'
import { ClientConnection, prepareRequest } from '@h2lab/mini-http2/client'
import { ErrorCode } from '@h2lab/mini-http2/frames'
import { onTestFinished } from 'vitest'

/** A client that can misbehave: a socket, and an HTTP/2 connection that a test may use. */
export interface RawClient {
  readonly socket: net.Socket
  /** The number of octets received so far, after decryption. */
  readonly received: number
  /** The status and body length of each response so far, in the order in which they ended. */
  readonly responses: readonly RawResponse[]
  /** The name of the error code in the server's GOAWAY; undefined until it is received. */
  readonly goaway: string | undefined
  /** The last stream that each GOAWAY frame named. */
  readonly lastStreamIds: readonly number[]
  /** Resolves when the socket is closed, and tells whether it ended normally or by a reset. */
  readonly closed: Promise<'ended' | 'reset'>
  /**
   * Sends requests. The preface precedes the first ones and opens the windows as far as possible.
   *
   * @param count default 1
   * @param path default /
   */
  request(count?: number, path?: string): void
  /** Sends octets as they are. */
  send(octets: Uint8Array | string): void
}

export interface RawResponse {
  readonly status: number
  readonly length: number
}

export interface RawClientOptions {
  /** The ALPN protocols that a client with TLS offers. Default h2. */
  readonly alpn?: readonly string[]
  /** A connected TCP socket to use, for a client that resets it below TLS. */
  readonly over?: net.Socket
}

/** Connects. The socket is gone when the test has finished. */
export async function rawClient(url: string, options: RawClientOptions = {}): Promise<RawClient> {
  const socket =
    options.over === undefined ? rawSocket(url, options.alpn) : overTcp(url, options.over)
  onTestFinished(() => void socket.destroy())
  const closed = new Promise<'ended' | 'reset'>((resolve) => {
    socket.once('close', (hadError) => resolve(hadError ? 'reset' : 'ended'))
  })
  const responses: RawResponse[] = []
  const lengths = new Map<number, number>()
  let began = false
  let received = 0
  let goaway: string | undefined
  const lastStreamIds: number[] = []
  const connection = new ClientConnection(
    {
      onData(streamId, octets) {
        lengths.set(streamId, (lengths.get(streamId) ?? 0) + octets.length)
      },
      onEnd(streamId, status) {
        responses.push({ status, length: lengths.get(streamId) ?? 0 })
        lengths.delete(streamId)
      },
      onGoaway(lastStreamId, errorCode) {
        lastStreamIds.push(lastStreamId)
        goaway = Object.entries(ErrorCode).find(([, code]) => code === errorCode)?.[0]
      },
    },
    { responsesTo: 'anything' },
  )
  socket.on('data', (octets: Buffer) => {
    received += octets.length
    connection.receive(octets)
    // Only connections started by the test are answered.
    const answer = began ? connection.takeOutput() : undefined
    if (answer !== undefined && socket.writable) socket.write(answer)
  })
  if (socket !== options.over) {
    await once(socket, url.startsWith('https:') ? 'secureConnect' : 'connect')
  }
  socket.on('error', () => {})
  const { host: authority } = new URL(url)
  return {
    socket,
    closed,
    responses,
    lastStreamIds,
    get received() {
      return received
    },
    get goaway() {
      return goaway
    },
    request(count = 1, path = '/') {
      began = true
      const request = prepareRequest({ authority, path, headers: NO_HEADERS })
      for (let index = 0; index < count; index++) connection.send(request)
      socket.write(connection.takeOutput()!)
    },
    send: (octets) => void socket.write(octets),
  }
}

function overTcp(url: string, socket: net.Socket): net.Socket {
  if (url.startsWith('http:')) return socket
  return tls.connect({ socket, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
}

/** Connects over TCP without TLS, even if the server expects it. */
export async function tcpSocket(url: string): Promise<net.Socket> {
  const { hostname, port } = new URL(url)
  const socket = net.connect({ host: hostname, port: Number(port) })
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  socket.on('error', () => {})
  return socket
}

const NO_HEADERS: FieldList = []

/** Starts to connect, over TLS if the URL says so. */
export function rawSocket(url: string, alpn: readonly string[] = ['h2']): net.Socket {
  const { protocol, hostname: host, port } = new URL(url)
  if (protocol === 'http:') return net.connect({ host, port: Number(port) })
  return tls.connect({
    host,
    port: Number(port),
    rejectUnauthorized: false,
    ALPNProtocols: [...alpn],
  })
}
