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
 * How much output, in octets, a socket may hold back before its connection's output is no longer taken. It is four
 * times the stream's own mark, which a batch of many small responses may exceed, and less than a run of large
 * bodies: of these one is written at a time, since TLS copies what waits behind it together (`npm run bench`
 * http2-bodies).
 *
 * So a client that doesn't read makes the server hold at most this, one run of output above it,
 * and what the connection itself lets wait. A run is no longer than that either: `maxWaitingOutput`
 * and one frame or small response, 1 MiB by default.
 */
const MAX_SOCKET_BACKLOG = 65_536

/** What a {@link SocketClient} tells its owner: one for all clients, so that each needs none. */
export interface SocketClientOwner {
  onFault(fault: ConnectionFault): void
  /** The client's deadline may have become earlier than it was. */
  onDeadline(deadline: number): void
  onClosed(client: SocketClient): void
}

/** Moves octets between one socket and one connection. It never looks inside a frame. */
export class SocketClient {
  readonly #socket: Socket
  readonly #connection: Connection
  readonly #owner: SocketClientOwner
  readonly #peer: string
  /**
   * `serving` while the connection lives; then its last output is on its way (`flushing`), then
   * the client's end is waited for (`lingering`).
   */
  #phase: 'serving' | 'flushing' | 'lingering' = 'serving'
  /** When the phase after `serving` ends, in milliseconds of `performance.now()`. */
  #phaseDeadline = Number.POSITIVE_INFINITY
  #reading = true
  /** The socket holds so much back that it will emit `drain`. A write that fails is no longer in its `writableLength`. */
  #isFull = false
  #sendScheduled = false
  #faultReported = false

  constructor(socket: Socket, connection: Connection, owner: SocketClientOwner) {
    this.#socket = socket
    this.#connection = connection
    this.#owner = owner
    // Now: a socket that was reset doesn't know any more.
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
      // What the socket holds back, the client didn't get.
      const waits = this.#isFull || socket.writableLength > 0
      if (waits || !isDeparture(error, connection)) this.#reportFault(error)
    })
    socket.on('close', () => {
      connection.abandon()
      owner.onClosed(this)
    })
  }

  /** When {@link tick} is wanted at the latest. */
  get deadline(): number {
    return this.#phase === 'serving' ? this.#connection.deadline : this.#phaseDeadline
  }

  /** Serves what has become due. */
  tick(now: number): void {
    if (this.#phase === 'serving') {
      this.#connection.tick(now)
      this.#send()
    } else if (now >= this.#phaseDeadline) {
      this.#socket.destroy()
    }
  }

  /** Begins a graceful end. */
  drain(): void {
    this.#connection.drain()
    this.#send()
  }

  /** Ends at once. What the socket takes without waiting still says which requests were served. */
  kill(): void {
    this.#connection.endInput()
    this.#send()
    this.#socket.destroy()
  }

  /** One read batch in, at most one write out. */
  #receive(octets: OctetVector): void {
    const connection = this.#connection
    connection.tick(performance.now())
    connection.receive(octets)
    this.#send()
  }

  /**
   * Handlers that were waiting for promises often go on together. All that they produce in
   * this turn goes out by one write, since the next tick comes after all settled promises.
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

  /** What is taken now shows the connection that its client still gets something. */
  #sendTimely(): void {
    this.#connection.tick(performance.now())
    this.#send()
  }

  /** Takes and writes what there is, and follows the connection's state. */
  #send(): void {
    const socket = this.#socket
    if (!socket.writable) return
    const takenAll = this.#writeOutput(socket)
    // Reading goes on while output waits, RFC 9113 section 5.2.2.
    const reading = takenAll || !this.#connection.holdsInput
    if (reading !== this.#reading) this.#setReading(reading)
    if (this.#connection.state === 'closed') this.#end(takenAll)
    this.#owner.onDeadline(this.deadline)
  }

  /** Returns whether all output was taken; if not, a drain event comes. */
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
      // No part of a large body: its memory isn't worth a callback.
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
        // Nobody is there who would take the rest.
        this.#socket.destroy()
        return
      }
      if (this.#socket.readableEnded) this.#boundFlush()
    }
    if (takenAll) this.#socket.end(() => this.#linger())
  }

  /** The timeout of a socket counts what the system takes as activity. */
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
