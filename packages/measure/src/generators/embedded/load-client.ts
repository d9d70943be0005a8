import net from 'node:net'
import tls from 'node:tls'
import { ClientConnection, type PreparedRequest } from '@h2lab/mini-http2/client'
import type { Measurement } from './measurement'

/**
 * How many of the latest streams' start times are kept, a power of two. A stream that is
 * still open when so many later ones have begun keeps its place; the next that would
 * need it isn't begun.
 */
const RING_SIZE = 65_536

/** One connection in a closed loop: each response makes room for the next request. */
export class LoadClient {
  readonly #socket: net.Socket
  readonly #connection: ClientConnection
  readonly #request: PreparedRequest
  readonly #streams: number
  readonly #measurement: Measurement
  /** When each open stream began, in milliseconds; 0 where none is open. */
  readonly #startTimes = new Float64Array(RING_SIZE)
  #open = 0
  #now = 0
  #state: 'running' | 'stopped' = 'running'

  constructor(
    socket: net.Socket,
    request: PreparedRequest,
    streams: number,
    measurement: Measurement,
  ) {
    this.#socket = socket
    this.#request = request
    this.#streams = streams
    this.#measurement = measurement
    this.#connection = new ClientConnection({
      onEnd: (streamId, status) => this.#ended(streamId, status),
      onReset: (streamId) => this.#reset(streamId),
    })
    socket.setNoDelay(true)
    socket.on('data', (octets: Buffer) => this.#receive(octets))
    socket.on('close', () => this.#lost())
    this.#now = performance.now()
    this.#fill()
  }

  /** Begins no more requests and closes the connection. */
  stop(): void {
    this.#state = 'stopped'
    this.#connection.goaway()
    this.#write()
    this.#socket.end()
    this.#socket.destroySoon()
  }

  /** Counts the open streams that began before `time`. */
  openSince(time: number): number {
    return this.#startTimes.reduce(
      (count, start) => count + (start !== 0 && start < time ? 1 : 0),
      0,
    )
  }

  /** Hot path: one read batch in, one write out. */
  #receive(octets: Uint8Array): void {
    this.#now = performance.now()
    this.#connection.receive(octets)
    if (this.#state === 'running') this.#fill()
    else this.#write()
  }

  #fill(): void {
    const streams = Math.min(this.#streams, this.#connection.peerMaxConcurrentStreams)
    while (this.#open < streams && this.#connection.state === 'open') {
      const index = (this.#connection.nextStreamId >>> 1) & (RING_SIZE - 1)
      if (this.#startTimes[index] !== 0) break
      this.#connection.send(this.#request)
      this.#startTimes[index] = this.#now
      this.#open++
    }
    this.#write()
  }

  #write(): void {
    const run = this.#connection.takeOutput()
    if (run !== undefined && this.#socket.writable) this.#socket.write(run)
  }

  #ended(streamId: number, status: number): void {
    const start = this.#forget(streamId)
    if (start !== 0) this.#measurement.answered(status, (this.#now - start) * 1000)
  }

  #reset(streamId: number): void {
    if (this.#forget(streamId) !== 0) this.#measurement.errored()
  }

  /** Returns when the stream began, or 0 if it isn't open. */
  #forget(streamId: number): number {
    const index = (streamId >>> 1) & (RING_SIZE - 1)
    const start = this.#startTimes[index]!
    if (start === 0) return 0
    this.#startTimes[index] = 0
    this.#open--
    return start
  }

  #lost(): void {
    if (this.#state === 'stopped') return
    this.#state = 'stopped'
    for (let open = this.#open; open > 0; open--) this.#measurement.errored()
    this.#startTimes.fill(0)
    this.#open = 0
  }
}

/** How long a connection may take, in milliseconds. */
const CONNECT_TIME = 10_000

/**
 * Connects to a server.
 *
 * @returns a socket that speaks HTTP/2, as ALPN says if there is TLS
 */
export function connect(url: URL): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const withTls = url.protocol === 'https:'
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const port = Number(url.port) || (withTls ? 443 : 80)
    const socket = withTls
      ? tls.connect({
          host,
          port,
          ALPNProtocols: ['h2'],
          // The servers under load have self-signed certificates.
          rejectUnauthorized: false,
          ...(net.isIP(host) === 0 ? { servername: host } : {}),
        })
      : net.connect({ host, port })
    const fail = (error: Error) => {
      socket.destroy()
      reject(error)
    }
    socket.setTimeout(CONNECT_TIME, () => fail(new Error(`${url.host} did not answer in time`)))
    socket.once('error', fail)
    socket.once(withTls ? 'secureConnect' : 'connect', () => {
      if (socket instanceof tls.TLSSocket && socket.alpnProtocol !== 'h2') {
        fail(new Error(`${url.host} does not speak h2`))
        return
      }
      socket.setTimeout(0)
      socket.off('error', fail)
      // Until its owner listens, a connection may be lost already.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}
