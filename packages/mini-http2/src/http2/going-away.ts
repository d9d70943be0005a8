import { type OutputBuffer, octetize } from '@h2lab/octets'
import type { ConnectionState } from '../connection'
import type { ConnectionError } from '../errors'
import { ErrorCode } from '../frame/error-code'
import { MAX_STREAM_ID, makeFrame } from '../frame/frame-header'
import { FrameType } from '../frame/frame-type'
import { makeGoawayFrame } from '../frame/goaway'
import type { Waits } from './limits/waits'
import type { StreamTable } from './streams/stream-table'

/** Sent behind the first GOAWAY: its acknowledgement shows that the client knows. */
export const DRAIN_PING_FRAME = makeFrame(FrameType.PING, 0, 0, octetize('draining'))

type Phase =
  | { readonly kind: 'none' }
  /** The first GOAWAY was sent, which excludes no stream. */
  | { readonly kind: 'announced'; readonly since: number }
  /** A GOAWAY has named the last stream: later ones are ignored. */
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
 * How far the end of a connection has come, RFC 9113 section 6.8. A graceful one has two steps: a GOAWAY that excludes
 * no stream, and when the client has seen it another one with the last stream that was processed. So no request that
 * was on its way is lost.
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

  /** Nothing is sent or received any more. */
  get isClosed(): boolean {
    return this.#phase.kind === 'closed'
  }

  /** The last stream is named: the connection is over when the streams are. */
  get isFinal(): boolean {
    return this.#phase.kind === 'final'
  }

  /** What has ended the connection, if it was a fault. */
  get error(): ConnectionError | undefined {
    return this.#phase.kind === 'closed' ? this.#phase.error : undefined
  }

  /** When the first GOAWAY was sent, if the client may not have seen it yet; else Infinity. In milliseconds. */
  get announcedSince(): number {
    return this.#phase.kind === 'announced' ? this.#phase.since : Number.POSITIVE_INFINITY
  }

  /** Tells whether a new stream comes after the last one that is served. */
  excludes(streamId: number): boolean {
    return this.#phase.kind === 'final' && streamId > this.#phase.lastStreamId
  }

  /** Sends the first GOAWAY, unless one was sent. */
  announce(now: number): void {
    if (this.#phase.kind !== 'none') return
    this.#enter({ kind: 'announced', since: now })
    this.#output.append(makeGoawayFrame(MAX_STREAM_ID, ErrorCode.NO_ERROR))
    this.#output.append(DRAIN_PING_FRAME)
  }

  /** The client knows: sends the GOAWAY that names the last stream that will be served. */
  nameLastStream(): void {
    if (this.#phase.kind === 'final' || this.#phase.kind === 'closed') return
    const { lastId } = this.#streams
    this.#enter({ kind: 'final', lastStreamId: lastId })
    this.#output.append(makeGoawayFrame(lastId, ErrorCode.NO_ERROR))
  }

  /** Sends the GOAWAY that ends the connection at once. */
  close(error?: ConnectionError): void {
    if (this.#phase.kind === 'closed') return
    const { lastId } = this.#streams
    // A last stream that was named before may not grow, section 6.8.
    const last = this.#phase.kind === 'final' ? Math.min(lastId, this.#phase.lastStreamId) : lastId
    this.#output.append(makeGoawayFrame(last, error?.errorCode ?? ErrorCode.NO_ERROR))
    this.#enter({ kind: 'closed', error })
  }

  /** The connection is over without another word. */
  end(): void {
    if (this.#phase.kind !== 'closed') this.#enter({ kind: 'closed', error: undefined })
  }

  #enter(phase: Phase): void {
    this.#phase = phase
    this.#waits.change()
  }
}
