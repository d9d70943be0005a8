import { ConnectionError, type ErrorCodeName } from '@h2lab/mini-http2'
import { ErrorCode, errorCodeName } from '@h2lab/mini-http2/frames'
import type { ConnectionState } from '@h2lab/mini-http2/protocol'
import type { Nghttp2Session } from './session'

/**
 * How long the client has to acknowledge the first GOAWAY, in milliseconds, as in the protocol `http2`.
 * Then the final GOAWAY is sent anyway.
 */
const DRAIN_TIMEOUT = 500

/** Sent after the first GOAWAY: its acknowledgement shows that the client has seen both. */
const DRAIN_PING = Buffer.from('draining')

/** How a connection ends: gracefully by two GOAWAY frames, RFC 9113 section 6.8, or by an error. */
export class GoingAway {
  readonly #session: Nghttp2Session
  #state: ConnectionState = 'open'
  #error: ConnectionError | undefined
  #goaway: 'none' | 'announced' | 'final' = 'none'
  #announcedAt = Number.POSITIVE_INFINITY
  /** The last stream that is served. */
  #lastStreamId = Number.POSITIVE_INFINITY

  constructor(session: Nghttp2Session) {
    this.#session = session
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Why the connection ends; undefined if nobody is at fault. */
  get error(): ConnectionError | undefined {
    return this.#error
  }

  /** When the final GOAWAY is due. Infinity before the first one and after the final one. */
  get deadline(): number {
    return this.#goaway === 'announced'
      ? this.#announcedAt + DRAIN_TIMEOUT
      : Number.POSITIVE_INFINITY
  }

  /**
   * Returns whether a new stream is beyond the last one that is served. nghttp2 accepts such streams until it has sent the
   * final GOAWAY: those that came with the acknowledgement, and while the client took no output.
   */
  excludes(streamId: number): boolean {
    return streamId > this.#lastStreamId
  }

  /** Sends the first GOAWAY. The connection is open. */
  announce(now: number): void {
    this.#state = 'draining'
    this.#goaway = 'announced'
    this.#announcedAt = now
    this.#session.submitShutdownNotice()
    this.#session.submitPing(DRAIN_PING)
  }

  /** The client acknowledged {@link DRAIN_PING}: no new request is on its way. */
  onAcknowledged(): void {
    if (this.#goaway === 'announced') this.sendFinal()
  }

  /** Names the last stream that is served. The connection is over when that stream has ended. */
  sendFinal(): void {
    if (this.#state === 'closed' || this.#goaway === 'final') return
    this.#state = 'draining'
    this.#goaway = 'final'
    this.#lastStreamId = this.#session.submitFinalGoaway()
  }

  /** Ends a connection that has no streams and never will. It is open. */
  terminate(): void {
    this.#state = 'draining'
    this.#session.terminate(ErrorCode.NO_ERROR)
  }

  /** Ends the connection by a GOAWAY with the error's code. The first error counts. */
  fail(error: ConnectionError): void {
    if (this.#state === 'closed' || this.#error !== undefined) return
    this.#error = error
    this.#state = 'draining'
    this.#session.terminate(error.errorCode)
  }

  /**
   * A GOAWAY was sent. nghttp2 itself ends a connection whose peer breaks the rules; the debug data names
   * the reason.
   */
  onGoawaySent(errorCode: number, debugData: string): void {
    if (this.#state === 'open') this.#state = 'draining'
    if (errorCode === ErrorCode.NO_ERROR || this.#error !== undefined) return
    // nghttp2 uses only the codes of the RFC.
    const name = errorCodeName(errorCode) as ErrorCodeName
    this.#error = new ConnectionError(name, `nghttp2 reports ${name}: ${debugData || 'no reason'}.`)
  }

  /** Everything was sent, or the socket is gone. */
  close(): void {
    this.#state = 'closed'
  }
}
