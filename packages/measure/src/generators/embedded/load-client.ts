import type net from 'node:net'
import type { ClientProtocol, MakeClientProtocol } from './client-protocol'
import type { Measurement } from './measurement'

/**
 * How many of the latest requests' start times are kept, a power of two. A request that is
 * still open when so many later ones have begun keeps its place; the next that would
 * need it isn't begun.
 */
const RING_SIZE = 65_536

/** One connection in a closed loop: each response makes room for the next request. */
export class LoadClient {
  readonly #socket: net.Socket
  readonly #protocol: ClientProtocol
  readonly #streams: number
  readonly #measurement: Measurement
  /** When each open request began, in milliseconds; 0 where none is open. */
  readonly #startTimes = new Float64Array(RING_SIZE)
  /** The number of the next request. */
  #next = 0
  #open = 0
  #now = 0
  #state: 'running' | 'stopped' = 'running'

  /** Resolves when the server has sent something, or the connection is lost. */
  readonly heard: Promise<void>

  /** @param streams requests in flight at once */
  constructor(
    socket: net.Socket,
    makeProtocol: MakeClientProtocol,
    streams: number,
    measurement: Measurement,
  ) {
    this.#socket = socket
    this.#streams = streams
    this.#measurement = measurement
    this.#protocol = makeProtocol({
      onEnd: (request, status) => this.#ended(request, status),
      onReset: (request) => this.#reset(request),
    })
    socket.setNoDelay(true)
    socket.on('data', (octets: Buffer) => this.#receive(octets))
    socket.on('end', () => this.#receiveEnd())
    socket.on('close', () => this.#lost())
    this.heard = new Promise((resolve) => {
      socket.once('data', () => resolve())
      socket.once('close', () => resolve())
    })
    this.#now = performance.now()
    this.#fill()
  }

  /** The server's fault that ended the connection. */
  get error(): Error | undefined {
    return this.#protocol.error
  }

  /** Begins no more requests and closes the connection. */
  stop(): void {
    this.#state = 'stopped'
    this.#protocol.finish()
    this.#write()
    this.#socket.end()
    this.#socket.destroySoon()
  }

  /** Counts the open requests that began before `time`. */
  openSince(time: number): number {
    return this.#startTimes.reduce(
      (count, start) => count + (start !== 0 && start < time ? 1 : 0),
      0,
    )
  }

  /** Hot path: one read batch in, one write out. */
  #receive(octets: Uint8Array): void {
    this.#now = performance.now()
    this.#protocol.receive(octets)
    if (this.#state === 'running') this.#fill()
    else this.#write()
    // The last octets are still sent: they may say what was wrong.
    if (this.#protocol.state === 'closed') this.#socket.destroySoon()
  }

  #receiveEnd(): void {
    this.#now = performance.now()
    this.#protocol.receiveEnd()
  }

  #fill(): void {
    const streams = Math.min(this.#streams, this.#protocol.mostInFlight)
    while (this.#open < streams && this.#protocol.state === 'open') {
      const index = this.#next & (RING_SIZE - 1)
      if (this.#startTimes[index] !== 0) break
      this.#protocol.send()
      this.#next++
      this.#startTimes[index] = this.#now
      this.#open++
    }
    this.#write()
  }

  #write(): void {
    const run = this.#protocol.takeOutput()
    if (run !== undefined && this.#socket.writable) this.#socket.write(run)
  }

  #ended(request: number, status: number): void {
    const start = this.#forget(request)
    if (start !== 0) this.#measurement.answered(status, (this.#now - start) * 1000)
  }

  #reset(request: number): void {
    if (this.#forget(request) !== 0) this.#measurement.errored()
  }

  /** Returns when the request began, or 0 if it isn't open. */
  #forget(request: number): number {
    const index = request & (RING_SIZE - 1)
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
