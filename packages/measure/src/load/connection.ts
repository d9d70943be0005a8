import type net from 'node:net'
import type { ClientProtocol, MakeClientProtocol } from './client-protocol'
import { OpenRequests } from './open-requests'

/** What a connection needs from its owner and reports to it. */
export interface ConnectionOwner {
  /** Takes the next request to be sent and returns when it was due. NaN if there is none now. */
  takeDue(now: number): number
  /** Returns the index of the next request in the plan. */
  pick(): number
  onAnswer(status: number, latency: number, now: number): void
  onReset(reason: string, now: number): void
  /** The server has refused a request before it processed any of it: it can be sent again. */
  onRefused(dueAt: number, now: number): void
  /** The server will not process these: they can be sent again. */
  onUnprocessed(dueTimes: readonly number[]): void
  /** The server did what it must not, or has ended the connection with requests open. Told once. */
  onFault(reason: string): void
  /** A batch of octets was received and answered. */
  onBatch(connection: LoadConnection): void
  /** The connection accepts no more requests. Answers may arrive until it is lost. */
  onDraining(connection: LoadConnection): void
  /** The connection is gone, with this many requests open. */
  onLost(connection: LoadConnection, open: number): void
}

/**
 * The most octets that may wait for the server. Above it, neither requests nor bodies are sent. As many may be
 * received in the meantime, because a server may have to write before it reads.
 */
const MOST_WAITING = 262_144
const MOST_RECEIVED = 1_048_576

/** A connection to a server. Requests are sent while there is room for them. */
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
  /** How many octets were received while output waits. */
  #receivedMeanwhile = 0
  #state: 'open' | 'draining' | 'ended' = 'open'

  /** @param streams the most requests in flight */
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
      onRefused: (request) => this.#refused(request),
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

  /** How many concurrent requests the server allows. Undefined until it is known, Infinity if there is no limit. */
  get mostInFlight(): number | undefined {
    return this.#protocol.mostInFlight
  }

  /** Whether the server has answered any request on it. */
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

  /** Sends due requests while there is room. */
  fill(now: number): void {
    while (this.hasRoom) {
      const dueAt = this.#owner.takeDue(now)
      if (Number.isNaN(dueAt)) break
      this.queue(dueAt)
    }
    this.flush()
  }

  /** Adds a request to the next {@link flush}. */
  queue(dueAt: number): void {
    this.#protocol.send(this.#owner.pick())
    this.#open.add(this.#next++, dueAt)
  }

  flush(): void {
    this.#write()
  }

  /**
   * Processes octets from the server: one read batch in, one write out.
   *
   * @param octets only valid during the call
   */
  receive(octets: Uint8Array): void {
    // Octets after closing belong to abandoned requests.
    if (this.#state === 'ended') return
    this.#now = performance.now()
    this.#sayHeard()
    this.#protocol.receive(octets)
    // Reported before the owner treats the last answer as the end.
    const { error } = this.#protocol
    if (error !== undefined) this.#tellFault(error.message)
    if (this.#state === 'open') {
      if (this.#protocol.state === 'open') this.fill(this.#now)
      else this.#drain()
    }
    this.#write()
    // The last octets are still sent, because they may give the reason.
    if (this.#protocol.state === 'closed') this.#socket.destroySoon()
    else if (this.#state === 'draining' && this.#open.count === 0) this.#socket.end()
    this.#limitReceived(octets.length)
    this.#owner.onBatch(this)
  }

  /** Closes the connection gracefully. The owner gets no more events. */
  close(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#protocol.finish()
    this.#write()
    this.#socket.end()
    // A server that does not read would keep it open forever.
    if (this.#socket.writableLength < MOST_WAITING) this.#socket.destroySoon()
    else this.#socket.destroy()
  }

  /** In HTTP/1.1, the end of the connection may be the end of a body, RFC 9112 section 6.3. */
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

  /** Otherwise, answers to PING and SETTINGS would queue up without bound. */
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

  #refused(request: number): void {
    const dueAt = this.#open.remove(request)
    if (!Number.isNaN(dueAt)) this.#owner.onRefused(dueAt, this.#now)
  }

  #endsBehind(request: number): void {
    const dueTimes = this.#open.removeBehind(request)
    if (dueTimes.length > 0) this.#owner.onUnprocessed(dueTimes)
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
