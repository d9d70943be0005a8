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
  onUnprocessed(dueTimes: readonly number[]): void
  /** A batch of octets was received and answered. */
  onBatch(connection: LoadConnection): void
  /** It takes no more requests; answers may come until it is lost. */
  onDraining(connection: LoadConnection): void
  /** It is gone, with so many requests open. */
  onLost(connection: LoadConnection, open: number, reason: string): void
}

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

  /** How many requests the server takes at once; Infinity if it doesn't say. */
  get mostInFlight(): number {
    return this.#protocol.mostInFlight
  }

  /** The server's fault that ended it. */
  get error(): Error | undefined {
    return this.#protocol.error
  }

  /** Whether the server has answered anything on it. */
  get hasAnswered(): boolean {
    return this.#hasAnswered
  }

  get hasRoom(): boolean {
    return (
      this.#state === 'open' &&
      this.#protocol.state === 'open' &&
      this.#open.count < Math.min(this.#streams, this.#protocol.mostInFlight)
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
    this.#now = performance.now()
    this.#sayHeard()
    this.#protocol.receive(octets)
    if (this.#state === 'open') {
      if (this.#protocol.state === 'open') this.fill(this.#now)
      else this.#drain()
    }
    this.#write()
    // The last octets are still sent: they may say what was wrong.
    if (this.#protocol.state === 'closed') this.#socket.destroySoon()
    else if (this.#state === 'draining' && this.#open.count === 0) this.#socket.end()
    this.#owner.onBatch(this)
  }

  /** Says goodbye and closes; the owner is told nothing more. */
  close(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#protocol.finish()
    this.#write()
    this.#socket.end()
    this.#socket.destroySoon()
  }

  /** In HTTP/1.1 the end of the connection may be that of a body, RFC 9112 section 6.3. */
  #receiveEnd(): void {
    const { count } = this.#open
    this.#now = performance.now()
    this.#protocol.receiveEnd()
    if (this.#open.count < count) this.#owner.onBatch(this)
  }

  #write(): void {
    const run = this.#protocol.takeOutput()
    if (run !== undefined && this.#socket.writable) this.#socket.write(run)
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
    this.#owner.onLost(this, this.#open.count, this.#protocol.error?.message ?? this.#lossReason)
  }
}
