import type { OctetVector } from '@h2lab/octets'
import type { ConnectionError } from './errors'

/**
 * What becomes of a connection: it takes requests (`open`), it finishes what it has
 * begun (`draining`), or nothing more comes of it (`closed`): then what
 * {@link Connection.takeOutput} still returns is written and the socket is ended.
 */
export type ConnectionState = 'open' | 'draining' | 'closed'

/**
 * The protocol side of one HTTP/2 connection, without sockets and without a clock.
 *
 * A dispatch method owns the socket: it gives what it reads to {@link receive} and writes
 * what {@link takeOutput} returns. For each batch of octets that was read it writes at
 * most once, since a system call costs more than the protocol does:
 *
 * ```ts
 * connection.tick(now)
 * connection.receive(octets)
 * for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
 *   if (!write(run)) break // go on here when the socket has drained
 * }
 * // Read on, unless connection.holdsInput.
 * ```
 */
export interface Connection {
  /**
   * Takes octets from the peer, split in any way. A fault of the peer never throws: it
   * shows in {@link state} and {@link error}, and a GOAWAY frame is in the output.
   *
   * @param octets borrowed: not kept after the call
   */
  receive(octets: OctetVector): void

  /**
   * Returns what is to be sent now as one run of octets, the caller's from then on, or
   * undefined. A connection that holds work back until its output is taken has another run at
   * the next call: call until there is none.
   */
  takeOutput(): OctetVector | undefined

  /**
   * Gives the memory of a run back, under the contract of `OutputBuffer.giveBack` in `@h2lab/octets`. For owners whose
   * writes are done when they return; nobody has to call it.
   *
   * @param run what {@link takeOutput} returned last; nobody may read it any more, nor those before. One of
   *   `LARGE_RUN_SIZE` octets may be an earlier one
   */
  giveBack?(run: OctetVector): void

  /**
   * Whether received octets wait until output is taken. The owner then reads no more until it has taken some.
   * Otherwise it reads on, also while nothing can be written: RFC 9113 section 5.2.2.
   */
  readonly holdsInput: boolean

  /** Called when output appears outside {@link receive} and {@link tick}; set by the owner. */
  onOutputReady?: () => void

  /**
   * Tells the time: before octets are received, and at the latest at {@link deadline}.
   *
   * @param now milliseconds on a clock that never runs backwards
   */
  tick(now: number): void

  /** When {@link tick} is wanted at the latest, in milliseconds; Infinity if never. */
  readonly deadline: number

  /** Begins a graceful end: sends GOAWAY and finishes what is open. */
  drain(): void

  /**
   * The peer has sent its last octet. Requests that are not complete end. Responses that are being sent go on
   * for a bounded time, as long as the application produces them; then the connection closes.
   */
  endInput(): void

  /** The socket is gone: nothing can be sent any more, and nothing more is received. */
  abandon(): void

  readonly state: ConnectionState

  /**
   * Whether nothing is owed to the peer: every request has its whole response, and all output was taken. Taken is
   * not sent: if the socket breaks while the owner still has some of it, a client was lost in the middle of a
   * response. If the owner has none, a client with all its responses has left.
   */
  readonly idle: boolean

  /** Why the connection closed, if it was not in good order. */
  readonly error?: ConnectionError | undefined
}
