import type { OctetVector } from '@h2lab/octets'
import type { ConnectionError } from './errors'

/**
 * The state of a connection. `open`: it accepts requests. `draining`: it finishes the requests it
 * has. `closed`: it does nothing more; write what {@link Connection.takeOutput} still returns and
 * end the socket.
 */
export type ConnectionState = 'open' | 'draining' | 'closed'

/**
 * The protocol side of one HTTP/2 connection, without sockets and without a clock.
 *
 * A dispatch method owns the socket. It passes the bytes it reads to {@link receive} and writes
 * what {@link takeOutput} returns. It writes at most once for each batch of bytes, because a
 * system call costs more than the protocol does:
 *
 * ```ts
 * connection.tick(now)
 * connection.receive(octets)
 * while (connection.awaitsTurn) connection.takeTurn() // or later: others may wait
 * for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
 *   if (!write(run)) break // continue here when the socket has drained
 * }
 * // Continue reading, unless connection.holdsInput.
 * ```
 */
export interface Connection {
  /**
   * Takes bytes from the peer, split in any way. A fault of the peer never throws: see {@link
   * state} and {@link error}. The output then contains a GOAWAY frame.
   *
   * @param octets borrowed: not kept after the call
   */
  receive(octets: OctetVector): void

  /**
   * Returns the waiting output as one run of bytes, which the caller then owns, or undefined. A
   * connection may hold work back until its output is taken: call again until it returns undefined.
   */
  takeOutput(): OctetVector | undefined

  /**
   * Returns the memory of a run to the connection, under the contract of `OutputBuffer.giveBack` in
   * `@h2lab/octets`. For owners whose writes complete synchronously. Optional.
   *
   * @param run the last run that {@link takeOutput} returned. Neither it nor earlier runs may be
   *   read any more. A run of `LARGE_RUN_SIZE` bytes may be an earlier one
   */
  giveBack?(run: OctetVector): void

  /**
   * Whether received bytes wait until output is taken. If true, the owner must take output before
   * it reads on. Otherwise it reads on, even while it can't write: RFC 9113 section 5.2.2.
   */
  readonly holdsInput: boolean

  /**
   * Whether requests or received octets wait because enough was done at once, for some 0.1 ms. The owner then calls
   * {@link takeTurn}: at once, as long as nobody else waits for long, or after it has served others. Looked at after
   * {@link receive}, {@link takeOutput} and {@link takeTurn}.
   */
  readonly awaitsTurn: boolean

  /** Goes on with what waits, see {@link awaitsTurn}. */
  takeTurn(): void

  /**
   * Whether half of a turn's work is done. The owner then calls {@link beginTurn} once it has served others, or found
   * that none needs it, so that input needn't wait for {@link takeTurn} when little comes at once.
   */
  readonly nearsTurnEnd: boolean

  /** As much may be done at once again: see {@link nearsTurnEnd}. Nothing happens if the connection awaits a turn. */
  beginTurn(): void

  /** Called when output appears outside {@link receive} and {@link tick}; set by the owner. */
  onOutputReady?: () => void

  /**
   * Sets the time. Call it before {@link receive}, and at {@link deadline} at the latest.
   *
   * @param now milliseconds on a monotonic clock
   */
  tick(now: number): void

  /** The latest time for the next {@link tick}, in milliseconds; Infinity if none is needed. */
  readonly deadline: number

  /** Starts a graceful shutdown: sends GOAWAY and finishes the open requests. */
  drain(): void

  /**
   * The peer has closed its side. Incomplete requests end. Responses continue for a limited time,
   * as long as the application produces data; then the connection closes.
   */
  endInput(): void

  /** The socket has closed: nothing more is sent or received. */
  abandon(): void

  readonly state: ConnectionState

  /**
   * Whether the connection owes the peer nothing: every request has its whole response, and all
   * output was taken. Taken output may not be sent yet: if the socket fails while the owner still
   * has some of it, a response was cut off. If it has none, the client left after receiving all
   * responses.
   */
  readonly idle: boolean

  /** The fault that closed the connection, if any. */
  readonly error?: ConnectionError | undefined
}
