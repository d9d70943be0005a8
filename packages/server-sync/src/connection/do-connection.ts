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
import { ReadTimeoutError } from './errors'

/** What a server is doing: another thread may change it while a loop waits. */
export type ServerPhase = 'serving' | 'draining' | 'killed'

/** How {@link doConnection} serves. */
export interface DoConnectionOptions {
  /**
   * How long the client may send nothing, or take nothing of what is written to it, in milliseconds. The
   * stream's reads have to wait less at a time. Default: for ever.
   */
  readonly readTimeout?: number | undefined
  /**
   * How long it may neither take what is written to it nor send anything, in milliseconds: a protocol that has handed
   * out all of its output doesn't see that the socket does not take it. Default: `readTimeout`.
   */
  readonly writeTimeout?: number | undefined
  /** Asked after each read, what the server is doing. Default: always serving. */
  readonly phase?: (() => ServerPhase) | undefined
  /** What is read into. Default: 65,536 octets of its own. */
  readonly buffer?: OctetVector | undefined
}

const OPTIONS: OptionNamesOf<DoConnectionOptions> = {
  readTimeout: true,
  writeTimeout: true,
  phase: true,
  buffer: true,
}

/**
 * Who came to the end first: a client that has, waits for nothing more; one that was lost takes nothing more
 * either. A client that resets its connection after it was sent all its responses is `lost`.
 */
export type ConnectionEnd = 'client' | 'server' | 'lost'

/**
 * As much as a client sends in one go before it waits. TLS gives a record at a time, 16,384 octets.
 */
export const READ_BUFFER_LENGTH = 65_536

/** How long a write waits at a time, in milliseconds, before the loop looks at the clock and at the server's phase. */
const WRITE_INTERVAL = 250

/** What {@link read} returns when the stream's timeout has passed. */
const TIMED_OUT = -1

/**
 * The naive loop: read what is there, give it to the protocol, write what it returns, until GOAWAY or the
 * end. It blocks the calling thread. Neither the stream is closed at the end nor the connection abandoned.
 *
 * A stream whose reads have a timeout lets the loop look at its clock and at the server's phase while
 * the client is silent.
 *
 * @param stream in blocking mode
 * @param connection answers before `receive` returns, or not at all
 * @throws ReadTimeoutError, and what reading and writing throws: SystemCallError or TlsConnectionError, unless the
 *   client has left with all its responses, and SocketTimeoutError for a client that takes nothing
 * @throws ServerSetupError `INVALID_OPTION` if an option does not exist
 */
export function doConnection(
  stream: OctetStream,
  connection: Connection,
  options: DoConnectionOptions = {},
): ConnectionEnd {
  checkOptionNames(options, OPTIONS)
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
  /** When the client last sent something, or took something of what waited for it. */
  #heardAt: number
  /** Whether a run of output was written in part: the client doesn't have all that was meant for it. */
  #writing = false

  constructor(stream: OctetStream, connection: Connection, options: DoConnectionOptions) {
    this.#stream = stream
    this.#connection = connection
    this.#readTimeout = options.readTimeout ?? Number.POSITIVE_INFINITY
    this.#writeTimeout = options.writeTimeout ?? this.#readTimeout
    this.#phase = options.phase ?? (() => 'serving')
    this.#buffer = options.buffer ?? new Uint8Array(READ_BUFFER_LENGTH)
    this.#heardAt = performance.now()
  }

  run(): ConnectionEnd {
    try {
      return this.#serve()
    } catch (error) {
      if (!this.#writing && isDeparture(error, this.#connection)) return 'lost'
      throw error
    }
  }

  /** Hot path: one read batch in, at most one write out. `npm run bench` (server-sync) has its times. */
  #serve(): ConnectionEnd {
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
        return this.#endSilent()
      }
      if (phase === 'draining') connection.drain()
      if (!this.#sendOutput()) return this.#phase() === 'killed' ? 'server' : 'lost'
      // Behind the input's end no window opens any more: what isn't sent by now never will be.
      if (this.#inputEnded) return 'client'
      if (connection.state === 'closed') return 'server'
    }
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
   * @param count how many octets were read; 0 at the end of the input
   * @param now when
   */
  #receive(count: number, now: number): void {
    const buffer = this.#buffer
    this.#heardAt = now
    if (count === 0) {
      this.#inputEnded = true
      this.#connection.endInput()
    } else {
      this.#connection.receive(count === buffer.length ? buffer : buffer.subarray(0, count))
    }
  }

  /**
   * Writes all there is: one run, unless it is longer than the protocol keeps at once.
   *
   * @returns false if nothing can be written any more
   */
  #sendOutput(): boolean {
    const connection = this.#connection
    for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
      if (!this.#write(run)) return false
      connection.giveBack?.(run)
    }
    return true
  }

  #write(run: OctetVector): boolean {
    const written = this.#stream.writeAtOnce(run, 0)
    if (written === run.length) return true
    this.#writing = true
    if (!this.#writeRest(run, written)) return false
    this.#writing = false
    return true
  }

  #writeRest(run: OctetVector, begun: number): boolean {
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
    }
    return true
  }

  /** @param writtenAt when the client took something last */
  #isStalled(now: number, writtenAt: number): boolean {
    return now - writtenAt >= this.#readTimeout || now - this.#heardAt >= this.#writeTimeout
  }

  /**
   * The client doesn't read: what it sends is received meanwhile (RFC 9113 section 5.2.2), since it may be waiting for
   * us to read as we are for it.
   *
   * @returns false if the server was killed, or the connection has given its client up
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
    }
    return true
  }

  /** The server was killed: what the socket takes without waiting says which requests were served. */
  #sayLastStream(): void {
    this.#connection.endInput()
    const run = this.#connection.takeOutput()
    if (run !== undefined) this.#stream.writeAtOnce(run, 0)
  }

  /** An idle client is sent away in good order. One that leaves something in the middle is at fault. */
  #endSilent(): ConnectionEnd {
    this.#connection.endInput()
    if (!this.#sendOutput()) return 'lost'
    if (this.#connection.state !== 'closed') throw new ReadTimeoutError(this.#readTimeout)
    return 'server'
  }
}
