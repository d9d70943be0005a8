import type { Socket } from 'node:net'
import type { Connection, ConnectionFactory } from '@h2lab/mini-http2/protocol'
import { type ConnectionFault, LONGEST_TIMER } from '@h2lab/mini-http2/server'
import { Turns } from '../turns'
import { SocketClient, type SocketClientOwner } from './socket-client'

/**
 * The interval between two checks of the deadlines, in milliseconds. Timeouts are seconds long, and one coarse timer
 * for all clients costs less than an exact timer for each.
 */
const TICK_GRANULARITY = 50

/** The clients of a server, and the timer for all their deadlines. */
export class Clients implements SocketClientOwner {
  readonly onFault: (fault: ConnectionFault) => void

  readonly #newConnection: ConnectionFactory
  readonly #clients = new Set<SocketClient>()
  readonly #turns = new Turns<SocketClient>()
  #nextTurns: NodeJS.Immediate | undefined
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
    // It was still in the TLS handshake when the others were drained.
    if (this.#state === 'draining') client.drain()
  }

  /** Ends all connections gracefully, including those yet to come. */
  drain(): void {
    this.#state = 'draining'
    for (const client of this.#clients) client.drain()
  }

  /** Ends all connections at once. */
  kill(): void {
    for (const client of this.#clients) client.kill()
  }

  /**
   * Resolves when no client is left. With TLS this is slightly later than the end of the TCP socket. Called once,
   * after the last {@link add}.
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
    // The sockets keep the process alive, not their timeouts.
    this.#timer = setTimeout(() => this.#tick(), Math.min(delay, LONGEST_TIMER)).unref()
  }

  goOn(client: SocketClient, connection: Connection): boolean {
    const isDone = this.#turns.goOn(client, connection)
    if (!isDone) this.#nextTurns ??= setImmediate(this.#serveTurns)
    return isDone
  }

  onNearTurnEnd(connection: Connection): void {
    this.#turns.onNearEnd(connection)
    this.#nextTurns ??= setImmediate(this.#serveTurns)
  }

  onClosed(client: SocketClient): void {
    this.#clients.delete(client)
    this.#turns.forget(client)
    if (this.#clients.size > 0) return
    this.#stopTimer()
    this.#onGone?.()
  }

  /** Once in each turn of Node's loop, which serves other sockets in between. */
  readonly #serveTurns = (): void => {
    this.#nextTurns = undefined
    this.#turns.beginAnew()
    this.#turns.serve((client) => client.takeTurn())
    if (this.#turns.hasWaiting) this.#nextTurns ??= setImmediate(this.#serveTurns)
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
