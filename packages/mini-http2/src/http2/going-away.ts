import { type OutputBuffer, octetize } from '@h2lab/octets'
import type { ConnectionState } from '../connection'
import type { ConnectionError } from '../errors'
import { ErrorCode } from '../frame/error-code'
import { MAX_STREAM_ID, makeFrame } from '../frame/frame-header'
import { FrameType } from '../frame/frame-type'
import { makeGoawayFrame } from '../frame/goaway'
import type { Waits } from './limits/waits'
import type { StreamTable } from './streams/stream-table'

/** Sent after the first GOAWAY. Its acknowledgement shows that the client has seen the GOAWAY. */
export const DRAIN_PING_FRAME = makeFrame(FrameType.PING, 0, 0, octetize('draining'))

type Phase =
  | { readonly kind: 'none' }
  /** The first GOAWAY was sent. It excludes no stream. */
  | { readonly kind: 'announced'; readonly since: number }
  /** A GOAWAY has named the last stream. Later streams are ignored. */
  | { readonly kind: 'final'; readonly lastStreamId: number }
  | { readonly kind: 'closed'; readonly error: ConnectionError | undefined }

const NONE: Phase = { kind: 'none' }

const STATES: Readonly<Record<Phase['kind'], ConnectionState>> = {
  none: 'open',
  announced: 'draining',
  final: 'draining',
  closed: 'closed',
}

/**
 * The state of a connection's shutdown, RFC 9113 section 6.8. A graceful shutdown has two steps: a
 * GOAWAY that excludes no stream and, when the client has seen it, another one with the last stream
 * that is processed. So no request in flight is lost.
 */
export class GoingAway {
  readonly #output: OutputBuffer
  readonly #streams: StreamTable
  readonly #waits: Waits
  #phase: Phase = NONE

  constructor(output: OutputBuffer, streams: StreamTable, waits: Waits) {
    this.#output = output
    this.#streams = streams
    this.#waits = waits
  }

  get state(): ConnectionState {
    return STATES[this.#phase.kind]
  }

  /** Nothing more is sent or received. */
  get isClosed(): boolean {
    return this.#phase.kind === 'closed'
  }

  /** The last stream is named. The connection ends when all streams have ended. */
  get isFinal(): boolean {
    return this.#phase.kind === 'final'
  }

  /** The fault that ended the connection, if any. */
  get error(): ConnectionError | undefined {
    return this.#phase.kind === 'closed' ? this.#phase.error : undefined
  }

  /**
   * When the first GOAWAY was sent, if the client may not have seen it yet; otherwise Infinity. In
   * milliseconds.
   */
  get announcedSince(): number {
    return this.#phase.kind === 'announced' ? this.#phase.since : Number.POSITIVE_INFINITY
  }

  /** Returns whether a new stream is beyond the last one that is served. */
  excludes(streamId: number): boolean {
    return this.#phase.kind === 'final' && streamId > this.#phase.lastStreamId
  }

  /** Sends the first GOAWAY, unless it was sent already. */
  announce(now: number): void {
    if (this.#phase.kind !== 'none') return
    this.#enter({ kind: 'announced', since: now })
    this.#output.append(makeGoawayFrame(MAX_STREAM_ID, ErrorCode.NO_ERROR))
    this.#output.append(DRAIN_PING_FRAME)
  }

  /** Sends the GOAWAY that names the last stream to be served. */
  nameLastStream(): void {
    if (this.#phase.kind === 'final' || this.#phase.kind === 'closed') return
    const { lastId } = this.#streams
    this.#enter({ kind: 'final', lastStreamId: lastId })
    this.#output.append(makeGoawayFrame(lastId, ErrorCode.NO_ERROR))
  }

  /** Sends the GOAWAY that ends the connection immediately. */
  close(error?: ConnectionError): void {
    if (this.#phase.kind === 'closed') return
    const { lastId } = this.#streams
    // The last stream must not increase, section 6.8.
    const last = this.#phase.kind === 'final' ? Math.min(lastId, this.#phase.lastStreamId) : lastId
    this.#output.append(makeGoawayFrame(last, error?.errorCode ?? ErrorCode.NO_ERROR))
    this.#enter({ kind: 'closed', error })
  }

  /** Ends the connection without a GOAWAY. */
  end(): void {
    if (this.#phase.kind !== 'closed') this.#enter({ kind: 'closed', error: undefined })
  }

  #enter(phase: Phase): void {
    this.#phase = phase
    this.#waits.change()
  }
}
