import type { Socket } from 'node:net'
import type { ConnectionFactory } from '@h2lab/mini-http2/protocol'
import { type ConnectionFault, LONGEST_TIMER } from '@h2lab/mini-http2/server'
import { SocketClient, type SocketClientOwner } from './socket-client'

/**
 * How often deadlines are looked at, at most, in milliseconds. Timeouts are seconds long; one
 * coarse timer for all clients costs less than one exact timer for each.
 */
const TICK_GRANULARITY = 50

/** The clients of one server, and the one timer that serves the deadlines of all. */
export class Clients implements SocketClientOwner {
  readonly onFault: (fault: ConnectionFault) => void

  readonly #newConnection: ConnectionFactory
  readonly #clients = new Set<SocketClient>()
  #state: 'serving' | 'draining' = 'serving'
  #onGone: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires, in milliseconds of `performance.now()`. */
  #timerAt = Number.POSITIVE_INFINITY

  constructor(newConnection: ConnectionFactory, onFault: (fault: ConnectionFault) => void) {
    this.#newConnection = newConnection
    this.onFault = onFault
  }

  /** Serves a client until its socket is closed. */
  add(socket: Socket): void {
    const client = new SocketClient(socket, this.#newConnection(performance.now()), this)
    this.#clients.add(client)
    this.onDeadline(client.deadline)
    // Its TLS handshake was under way when the others were told.
    if (this.#state === 'draining') client.drain()
  }

  /** Begins a graceful end of all connections, and of those yet to come. */
  drain(): void {
    this.#state = 'draining'
    for (const client of this.#clients) client.drain()
  }

  /** Ends all connections at once. */
  kill(): void {
    for (const client of this.#clients) client.kill()
  }

  /**
   * Resolves when no client is left: with TLS that is a little later than its TCP socket's end.
   * Called once, when no more are added.
   */
  gone(): Promise<void> {
    if (this.#clients.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onGone = resolve
    })
  }

  onDeadline(deadline: number): void {
    if (deadline >= this.#timerAt) return
    this.#stopTimer()
    const delay = Math.max(deadline - performance.now(), TICK_GRANULARITY)
    this.#timerAt = deadline
    // Sockets keep the process alive; their timeouts alone shouldn't.
    this.#timer = setTimeout(() => this.#tick(), Math.min(delay, LONGEST_TIMER)).unref()
  }

  onClosed(client: SocketClient): void {
    this.#clients.delete(client)
    if (this.#clients.size > 0) return
    this.#stopTimer()
    this.#onGone?.()
  }

  #tick(): void {
    this.#stopTimer()
    const now = performance.now()
    let earliest = Number.POSITIVE_INFINITY
    for (const client of this.#clients) {
      if (client.deadline <= now) client.tick(now)
      earliest = Math.min(earliest, client.deadline)
    }
    this.onDeadline(earliest)
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#timerAt = Number.POSITIVE_INFINITY
  }
}
