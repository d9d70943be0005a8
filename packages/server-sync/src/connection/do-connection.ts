import type { Connection } from '@h2lab/mini-http2/protocol'
import { checkOptionNames, isDeparture } from '@h2lab/mini-http2/server'
import type { OctetVector, OptionNamesOf } from '@h2lab/octets'
import {
  type OctetStream,
  POLL_IN,
  POLL_OUT,
  SocketTimeoutError,
  waitForDescriptor,
} from '@h2lab/tls-context/native'
import { runBlocked, type Steps, TURN_INTERVAL } from '../loop/turns'
import { ReadTimeoutError } from './errors'

/** What a server is doing. Another thread may change it while a loop waits. */
export type ServerPhase = 'serving' | 'draining' | 'killed'

/** The options of {@link doConnection}. */
export interface DoConnectionOptions {
  /**
   * How long the client may send nothing, or accept nothing of what is written to it, in milliseconds. A read of the
   * stream must time out earlier. Default: no limit.
   */
  readonly readTimeout?: number | undefined
  /**
   * How long the client may neither accept output nor send anything, in milliseconds. A protocol that has handed out
   * all of its output can't see that the socket does not accept it. Default: `readTimeout`.
   */
  readonly writeTimeout?: number | undefined
  /** Called after each read to learn what the server is doing. Default: always serving. */
  readonly phase?: (() => ServerPhase) | undefined
  /** The read buffer. Default: 65,536 octets of its own. */
  readonly buffer?: OctetVector | undefined
}

const OPTIONS: OptionNamesOf<DoConnectionOptions> = {
  readTimeout: true,
  writeTimeout: true,
  phase: true,
  buffer: true,
}

/**
 * Who ended the connection. A `client` that ended it waits for nothing more. One that was `lost` receives nothing
 * more either, including a client that resets its connection after it was sent all responses.
 */
export type ConnectionEnd = 'client' | 'server' | 'lost'

/** What a client usually sends before it waits. TLS returns one record at a time, 16,384 octets. */
export const READ_BUFFER_LENGTH = 65_536

/** How long a write waits before the loop checks the time and the server's phase, in milliseconds. */
const WRITE_INTERVAL = 250

/** The result of {@link read} after the stream's timeout. */
const TIMED_OUT = -1

/**
 * The naive loop: reads, passes the octets to the protocol, and writes its output, until GOAWAY or the end of the
 * input. Blocks the calling thread. Neither closes the stream nor abandons the connection.
 *
 * A stream with a read timeout lets the loop check its clock and the server's phase while the client is silent.
 *
 * @param stream in blocking mode
 * @param connection answers before `receive` returns, or not at all
 * @throws ReadTimeoutError
 * @throws SocketTimeoutError if the client accepts no output
 * @throws SystemCallError or TlsConnectionError if reading or writing fails, unless the client left after it received
 *   all responses
 * @throws ServerSetupError `INVALID_OPTION` if an option does not exist
 */
export function doConnection(
  stream: OctetStream,
  connection: Connection,
  options: DoConnectionOptions = {},
): ConnectionEnd {
  checkOptionNames(options, OPTIONS)
  return runBlocked(connectionSteps(stream, connection, options))
}

/** The same, with turns of the event loop in between. */
export function connectionSteps(
  stream: OctetStream,
  connection: Connection,
  options: DoConnectionOptions,
): Steps<ConnectionEnd> {
  return new BlockingLoop(stream, connection, options).run()
}

class BlockingLoop {
  readonly #stream: OctetStream
  readonly #connection: Connection
  readonly #readTimeout: number
  readonly #writeTimeout: number
  readonly #phase: () => ServerPhase
  readonly #buffer: OctetVector
  #inputEnded = false
  /** When the client last sent or accepted anything. */
  #heardAt: number
  /** A run that was only written in part, so the client does not have all of it. */
  #unwritten: { readonly run: OctetVector; readonly written: number } | undefined
  /** When the event loop gets its next turn. */
  #turnAt: number

  constructor(stream: OctetStream, connection: Connection, options: DoConnectionOptions) {
    this.#stream = stream
    this.#connection = connection
    this.#readTimeout = options.readTimeout ?? Number.POSITIVE_INFINITY
    this.#writeTimeout = options.writeTimeout ?? this.#readTimeout
    this.#phase = options.phase ?? (() => 'serving')
    this.#buffer = options.buffer ?? new Uint8Array(READ_BUFFER_LENGTH)
    const now = performance.now()
    this.#heardAt = now
    this.#turnAt = now + TURN_INTERVAL
  }

  *run(): Steps<ConnectionEnd> {
    try {
      return yield* this.#serve()
    } catch (error) {
      if (this.#unwritten === undefined && isDeparture(error, this.#connection)) return 'lost'
      throw error
    }
  }

  /** Hot path: one read batch in, at most one write out. `npm run bench` (server-sync) measures it. */
  *#serve(): Steps<ConnectionEnd> {
    const connection = this.#connection
    for (;;) {
      const count = this.#read()
      const now = performance.now()
      const phase = this.#phase()
      if (phase === 'killed') {
        this.#sayLastStream()
        return 'server'
      }
      connection.tick(now)
      if (count !== TIMED_OUT) {
        this.#receive(count, now)
      } else if (now - this.#heardAt >= this.#readTimeout) {
        return yield* this.#endSilent()
      }
      if (phase === 'draining') connection.drain()
      if (!this.#sendAtOnce() && !(yield* this.#sendRest())) {
        return this.#phase() === 'killed' ? 'server' : 'lost'
      }
      // After the end of the input no window opens, so the rest can never be sent.
      if (this.#inputEnded) return 'client'
      if (connection.state === 'closed') return 'server'
      if (now >= this.#turnAt) yield* this.#giveTurn()
    }
  }

  *#giveTurn(): Steps {
    yield
    this.#turnAt = performance.now() + TURN_INTERVAL
  }

  #read(): number {
    try {
      return this.#stream.read(this.#buffer)
    } catch (error) {
      if (error instanceof SocketTimeoutError) return TIMED_OUT
      throw error
    }
  }

  /**
   * @param count the number of octets read; 0 at the end of the input
   * @param now in milliseconds
   */
  #receive(count: number, now: number): void {
    const buffer = this.#buffer
    this.#heardAt = now
    if (count === 0) {
      this.#inputEnded = true
      this.#connection.endInput()
    } else {
      if (this.#connection.nearsTurnEnd) this.#connection.beginTurn()
      this.#connection.receive(count === buffer.length ? buffer : buffer.subarray(0, count))
    }
  }

  /**
   * Writes output until the client accepts no more: one run, unless it is longer than the protocol buffers at once.
   *
   * @returns whether all of it is written
   */
  #sendAtOnce(): boolean {
    const connection = this.#connection
    for (;;) {
      this.#takeTurns()
      const run = connection.takeOutput()
      if (run !== undefined) {
        const written = this.#stream.writeAtOnce(run, 0)
        if (written < run.length) {
          this.#unwritten = { run, written }
          return false
        }
        connection.giveBack?.(run)
      } else if (!connection.awaitsTurn) return true
    }
  }

  /** There are no other clients that would wait. */
  #takeTurns(): void {
    while (this.#connection.awaitsTurn) this.#connection.takeTurn()
  }

  /**
   * Writes the rest of the output after {@link #sendAtOnce}.
   *
   * @returns false if nothing more can be written
   */
  *#sendRest(): Steps<boolean> {
    do {
      const { run, written } = this.#unwritten!
      if (!(yield* this.#writeRest(run, written))) return false
      this.#unwritten = undefined
      this.#connection.giveBack?.(run)
    } while (!this.#sendAtOnce())
    return true
  }

  *#writeRest(run: OctetVector, begun: number): Steps<boolean> {
    let written = begun
    let writtenAt = performance.now()
    while (written < run.length) {
      if (!this.#waitForRoom()) return false
      const count = this.#stream.writeAtOnce(run, written)
      const now = performance.now()
      if (count > 0) {
        writtenAt = now
        this.#heardAt = now
      } else if (this.#isStalled(now, writtenAt)) {
        throw new SocketTimeoutError('write', this.#stream.descriptor)
      }
      written += count
      if (now >= this.#turnAt) yield* this.#giveTurn()
    }
    return true
  }

  /** @param writtenAt when the client last accepted output */
  #isStalled(now: number, writtenAt: number): boolean {
    return now - writtenAt >= this.#readTimeout || now - this.#heardAt >= this.#writeTimeout
  }

  /**
   * Receives input while the client doesn't read (RFC 9113 section 5.2.2). Otherwise both sides could wait for each
   * other.
   *
   * @returns false if the server was killed or the connection is closed
   */
  #waitForRoom(): boolean {
    const connection = this.#connection
    const stream = this.#stream
    const reads = !this.#inputEnded && connection.state !== 'closed' && !connection.holdsInput
    const events = reads ? POLL_IN | POLL_OUT : POLL_OUT
    const canRead = reads && stream.pending
    const reported = canRead
      ? POLL_IN
      : waitForDescriptor(stream.descriptor, events, WRITE_INTERVAL)
    if (this.#phase() === 'killed') return false
    const before = connection.state
    connection.tick(performance.now())
    if (before !== 'closed' && connection.state === 'closed') return false
    if (reads && (reported & POLL_IN) !== 0) {
      const count = this.#read()
      if (count !== TIMED_OUT) this.#receive(count, performance.now())
      this.#takeTurns()
    }
    return true
  }

  /**
   * After a kill, sends the final GOAWAY, which names the requests served, if the socket accepts it without waiting.
   */
  #sayLastStream(): void {
    this.#connection.endInput()
    const run = this.#connection.takeOutput()
    if (run !== undefined) this.#stream.writeAtOnce(run, 0)
  }

  /** Drains an idle client. One with something unfinished is at fault. */
  *#endSilent(): Steps<ConnectionEnd> {
    this.#connection.endInput()
    if (!this.#sendAtOnce() && !(yield* this.#sendRest())) return 'lost'
    if (this.#connection.state !== 'closed') throw new ReadTimeoutError(this.#readTimeout)
    return 'server'
  }
}
