import type { Socket } from 'node:net'
import type { Connection } from '@h2lab/mini-http2/protocol'
import {
  type ConnectionFault,
  FLUSH_TIME,
  HALF_CLOSED_PAUSE,
  isDeparture,
  LINGER_TIME,
} from '@h2lab/mini-http2/server'
import { LARGE_RUN_SIZE, type OctetVector } from '@h2lab/octets'
import { peerName } from '../listener/peer-name'

/**
 * How much output a socket may buffer, in octets, before no more is taken from its connection. It is four times the
 * stream's own high-water mark, which a batch of many small responses may exceed, and less than a run of large
 * bodies. Those are written one at a time, because TLS copies queued writes together (`npm run bench` http2-bodies).
 *
 * So a client that doesn't read makes the server hold at most this much, plus one run of output and what the
 * connection itself queues. A run is at most `maxWaitingOutput` plus one frame or small response: 1 MiB by default.
 */
const MAX_SOCKET_BACKLOG = 65_536

/** What a {@link SocketClient} reports to its owner. One object for all clients saves a closure for each. */
export interface SocketClientOwner {
  onFault(fault: ConnectionFault): void
  /** The client's deadline may have moved earlier. */
  onDeadline(deadline: number): void
  /**
   * Goes on with a connection that awaits a turn. Returns whether it has done all; otherwise
   * {@link SocketClient.takeTurn} is called later.
   */
  goOn(client: SocketClient, connection: Connection): boolean
  /** `connection.beginTurn` is to be called when other clients were served. */
  onNearTurnEnd(connection: Connection): void
  onClosed(client: SocketClient): void
}

/** Moves octets between one socket and one connection. It does not parse frames. */
export class SocketClient {
  readonly #socket: Socket
  readonly #connection: Connection
  readonly #owner: SocketClientOwner
  readonly #peer: string
  /**
   * `serving` while the connection is open, `flushing` while its last output is being sent, `lingering` while it
   * waits for the client to close its side.
   */
  #phase: 'serving' | 'flushing' | 'lingering' = 'serving'
  /** When the phase after `serving` ends, in milliseconds of `performance.now()`. */
  #phaseDeadline = Number.POSITIVE_INFINITY
  #reading = true
  /**
   * The socket has buffered enough that it will emit `drain`. A write that fails no longer counts in
   * `writableLength`.
   */
  #isFull = false
  #sendScheduled = false
  #faultReported = false

  constructor(socket: Socket, connection: Connection, owner: SocketClientOwner) {
    this.#socket = socket
    this.#connection = connection
    this.#owner = owner
    // A socket that was reset no longer knows its peer.
    this.#peer = peerName(socket)
    connection.onOutputReady = () => this.#sendSoon()
    socket.on('data', (octets: Buffer) => this.#receive(octets))
    socket.on('drain', () => {
      this.#isFull = false
      this.#sendTimely()
    })
    socket.on('end', () => {
      connection.endInput()
      this.#send()
      if (this.#phase !== 'serving') this.#boundFlush()
    })
    socket.on('error', (error) => {
      // The client did not receive what the socket has buffered.
      const waits = this.#isFull || socket.writableLength > 0
      if (waits || !isDeparture(error, connection)) this.#reportFault(error)
      // Node leaves a TLS socket open after a bad record, and keeps in memory whatever the client sends from then on.
      socket.destroy()
    })
    socket.on('close', () => {
      connection.abandon()
      owner.onClosed(this)
    })
  }

  /** When {@link tick} has to be called at the latest. */
  get deadline(): number {
    return this.#phase === 'serving' ? this.#connection.deadline : this.#phaseDeadline
  }

  /** Handles deadlines that have passed. */
  tick(now: number): void {
    if (this.#phase === 'serving') {
      this.#connection.tick(now)
      this.#send()
    } else if (now >= this.#phaseDeadline) {
      this.#socket.destroy()
    }
  }

  /** Ends the connection gracefully. */
  drain(): void {
    this.#connection.drain()
    this.#send()
  }

  /**
   * Ends the connection at once. A final GOAWAY, which names the requests served, is sent if the socket accepts it
   * without waiting.
   */
  kill(): void {
    this.#connection.endInput()
    if (this.#socket.writable) this.#writeOutput(this.#socket)
    this.#socket.destroy()
  }

  /** One read batch in, at most one write out. */
  #receive(octets: OctetVector): void {
    const connection = this.#connection
    connection.tick(performance.now())
    connection.receive(octets)
    this.#send()
    if (connection.nearsTurnEnd) this.#owner.onNearTurnEnd(connection)
  }

  /** Goes on with what the client has sent at once. */
  takeTurn(): void {
    this.#sendTimely()
  }

  /**
   * Handlers often continue together after a promise. The next tick comes after all settled promises, so one write
   * sends all that they produce in this turn.
   */
  #sendSoon(): void {
    if (this.#sendScheduled) return
    this.#sendScheduled = true
    process.nextTick(SocketClient.#sendNow, this)
  }

  static #sendNow(client: SocketClient): void {
    client.#sendScheduled = false
    client.#sendTimely()
  }

  /** Taking output shows the connection that its client still receives. */
  #sendTimely(): void {
    this.#connection.tick(performance.now())
    this.#send()
  }

  /** Writes the connection's output and follows its state. */
  #send(): void {
    const socket = this.#socket
    if (!socket.writable) return
    const connection = this.#connection
    let takenAll = false
    do {
      if (connection.awaitsTurn && !this.#owner.goOn(this, connection)) break
      takenAll = this.#writeOutput(socket)
    } while (connection.awaitsTurn)
    // Reading goes on while output waits, RFC 9113 section 5.2.2.
    const reading = !connection.holdsInput || connection.state === 'closed'
    if (reading !== this.#reading) this.#setReading(reading)
    if (connection.state === 'closed') this.#end(takenAll)
    this.#owner.onDeadline(this.deadline)
  }

  /** Returns whether all output was taken. If not, a `drain` event follows. */
  #writeOutput(socket: Socket): boolean {
    while (socket.writableLength < MAX_SOCKET_BACKLOG) {
      const run = this.#connection.takeOutput()
      if (run === undefined) return true
      this.#write(socket, run)
    }
    return false
  }

  #write(socket: Socket, run: OctetVector): void {
    if (run.length < LARGE_RUN_SIZE / 2) {
      // Runs with part of a large body are not given back: their memory is not worth a callback.
      if (!socket.write(run)) this.#isFull = true
      return
    }
    const isTaken = socket.write(run, (error) => {
      if (error == null) this.#connection.giveBack?.(run)
    })
    if (!isTaken) this.#isFull = true
  }

  #setReading(reading: boolean): void {
    this.#reading = reading
    if (reading) this.#socket.resume()
    else this.#socket.pause()
  }

  /** The connection is over: ends the socket once its last output is sent. */
  #end(takenAll: boolean): void {
    if (this.#phase === 'serving') {
      this.#phase = 'flushing'
      this.#phaseDeadline = performance.now() + FLUSH_TIME
      const { error } = this.#connection
      if (error !== undefined) this.#reportFault(error)
      if (error?.code === 'KEEP_ALIVE_TIMEOUT') {
        // The client is gone, so sending the rest would be useless.
        this.#socket.destroy()
        return
      }
      if (this.#socket.readableEnded) this.#boundFlush()
    }
    if (takenAll) this.#socket.end(() => this.#linger())
  }

  /** A socket timeout counts what the kernel accepts as activity. */
  #boundFlush(): void {
    this.#socket.setTimeout(HALF_CLOSED_PAUSE, () => this.#socket.destroy())
  }

  #linger(): void {
    this.#phase = 'lingering'
    this.#isFull = false
    this.#phaseDeadline = performance.now() + LINGER_TIME
    this.#owner.onDeadline(this.#phaseDeadline)
  }

  #reportFault(error: Error): void {
    if (this.#faultReported) return
    this.#faultReported = true
    this.#owner.onFault({ error, peer: this.#peer })
  }
}
