import type net from 'node:net'
import type { ClientProtocol, MakeClientProtocol } from './client-protocol'
import { OpenRequests } from './open-requests'

/** What a connection asks and tells its owner. */
export interface ConnectionOwner {
  /** Returns when the next request to be sent was due, and takes it; NaN if there is none now. */
  takeDue(now: number): number
  /** Returns which request of the plan is next. */
  pick(): number
  onAnswer(status: number, latency: number, now: number): void
  onReset(reason: string, now: number): void
  /** The server will not process these: they can be sent again. */
  onUnprocessed(connection: LoadConnection, dueTimes: readonly number[]): void
  /** The server did what it must not, or has ended the connection with requests open. Told once. */
  onFault(reason: string): void
  /** A batch of octets was received and answered. */
  onBatch(connection: LoadConnection): void
  /** It takes no more requests; answers may come until it is lost. */
  onDraining(connection: LoadConnection): void
  /** It is gone, with so many requests open. */
  onLost(connection: LoadConnection, open: number): void
}

/**
 * So many octets that the server does not take may wait at most; then neither requests nor bodies are sent. As many more may
 * be received in the meantime, since a server may have to write before it reads.
 */
const MOST_WAITING = 262_144
const MOST_RECEIVED = 1_048_576

/** One connection to a server: requests go out while there is room for them, answers come in. */
export class LoadConnection {
  /** Resolves when the server has sent something, or the connection is lost. */
  readonly heard: Promise<void>

  readonly #socket: net.Socket
  readonly #protocol: ClientProtocol
  readonly #streams: number
  readonly #owner: ConnectionOwner
  readonly #open: OpenRequests
  /** The number of the next request. */
  #next = 0
  #now = 0
  #sayHeard: () => void = () => {}
  #lossReason = 'the server closed it'
  #hasAnswered = false
  #hasToldFault = false
  /** Octets that were received while ours wait. */
  #receivedMeanwhile = 0
  #state: 'open' | 'draining' | 'ended' = 'open'

  /** @param streams requests in flight at once at most */
  constructor(
    socket: net.Socket,
    makeProtocol: MakeClientProtocol,
    streams: number,
    owner: ConnectionOwner,
  ) {
    this.#socket = socket
    this.#streams = streams
    this.#owner = owner
    this.#open = new OpenRequests(streams)
    this.#protocol = makeProtocol({
      onEnd: (request, status) => this.#ended(request, status),
      onReset: (request, reason) => this.#reset(request, reason),
      onLastRequest: (request) => this.#endsBehind(request),
    })
    socket.setNoDelay(true)
    socket.on('end', () => this.#receiveEnd())
    socket.on('drain', () => this.#onDrain())
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#lossReason = error.code ?? error.message
    })
    socket.on('close', () => this.#lost())
    this.heard = new Promise((resolve) => {
      this.#sayHeard = resolve
      socket.once('close', () => resolve())
    })
    this.#write()
  }

  get inFlight(): number {
    return this.#open.count
  }

  /** How many requests the server takes at once; undefined while it has yet to say that, Infinity if it doesn't say. */
  get mostInFlight(): number | undefined {
    return this.#protocol.mostInFlight
  }

  /** Whether the server has answered anything on it. */
  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  get hasRoom(): boolean {
    return (
      this.#state === 'open' &&
      this.#protocol.state === 'open' &&
      this.#open.count < Math.min(this.#streams, this.#protocol.mostInFlight ?? 0) &&
      this.#socket.writableLength < MOST_WAITING
    )
  }

  /** Sends what is due, as far as there is room. */
  fill(now: number): void {
    while (this.hasRoom) {
      const dueAt = this.#owner.takeDue(now)
      if (Number.isNaN(dueAt)) break
      this.queue(dueAt)
    }
    this.flush()
  }

  /** Adds a request to what {@link flush} sends. */
  queue(dueAt: number): void {
    this.#protocol.send(this.#owner.pick())
    this.#open.add(this.#next++, dueAt)
  }

  flush(): void {
    this.#write()
  }

  /**
   * Takes octets from the server, one read batch in, one write out.
   *
   * @param octets borrowed for the call
   */
  receive(octets: Uint8Array): void {
    // What comes after it was closed belongs to requests that were given up.
    if (this.#state === 'ended') return
    this.#now = performance.now()
    this.#sayHeard()
    this.#protocol.receive(octets)
    // Before the owner takes the last answer for the end of all.
    const { error } = this.#protocol
    if (error !== undefined) this.#tellFault(error.message)
    if (this.#state === 'open') {
      if (this.#protocol.state === 'open') this.fill(this.#now)
      else this.#drain()
    }
    this.#write()
    // The last octets are still sent: they may say what was wrong.
    if (this.#protocol.state === 'closed') this.#socket.destroySoon()
    else if (this.#state === 'draining' && this.#open.count === 0) this.#socket.end()
    this.#limitReceived(octets.length)
    this.#owner.onBatch(this)
  }

  /** Says goodbye and closes; the owner is told nothing more. */
  close(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#protocol.finish()
    this.#write()
    this.#socket.end()
    // A server that takes nothing would keep it for ever.
    if (this.#socket.writableLength < MOST_WAITING) this.#socket.destroySoon()
    else this.#socket.destroy()
  }

  /** In HTTP/1.1 the end of the connection may be that of a body, RFC 9112 section 6.3. */
  #receiveEnd(): void {
    if (this.#state === 'ended') return
    const { count } = this.#open
    this.#now = performance.now()
    this.#protocol.receiveEnd()
    if (this.#open.count < count) this.#owner.onBatch(this)
  }

  #write(): void {
    const socket = this.#socket
    while (socket.writable && socket.writableLength < MOST_WAITING) {
      const run = this.#protocol.takeOutput()
      if (run === undefined) return
      socket.write(run)
    }
  }

  /** Answers to PING and SETTINGS would wait in the protocol without bound. */
  #limitReceived(octets: number): void {
    if (this.#socket.writableLength < MOST_WAITING) return
    this.#receivedMeanwhile += octets
    if (this.#receivedMeanwhile > MOST_RECEIVED) this.#socket.pause()
  }

  #onDrain(): void {
    this.#receivedMeanwhile = 0
    this.#socket.resume()
    if (this.#state === 'open' && this.#protocol.state === 'open') this.fill(performance.now())
    else this.#write()
  }

  #tellFault(reason: string): void {
    if (this.#hasToldFault) return
    this.#hasToldFault = true
    this.#owner.onFault(`connection lost: ${reason}`)
  }

  #ended(request: number, status: number): void {
    const dueAt = this.#open.remove(request)
    this.#hasAnswered = true
    if (!Number.isNaN(dueAt)) {
      this.#owner.onAnswer(status, (this.#now - dueAt) * 1000, this.#now)
    }
  }

  #reset(request: number, reason: string): void {
    if (!Number.isNaN(this.#open.remove(request))) this.#owner.onReset(reason, this.#now)
  }

  #endsBehind(request: number): void {
    const dueTimes = this.#open.removeBehind(request)
    if (dueTimes.length > 0) this.#owner.onUnprocessed(this, dueTimes)
  }

  #drain(): void {
    this.#state = 'draining'
    this.#owner.onDraining(this)
  }

  #lost(): void {
    if (this.#state === 'ended') return
    const wasOpen = this.#state === 'open'
    this.#state = 'ended'
    if (wasOpen) this.#owner.onDraining(this)
    const { error } = this.#protocol
    if (error !== undefined || this.#open.count > 0) {
      this.#tellFault(error?.message ?? this.#lossReason)
    }
    this.#owner.onLost(this, this.#open.count)
  }
}
