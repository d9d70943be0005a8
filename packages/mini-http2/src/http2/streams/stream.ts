import type { OctetVector } from '@h2lab/octets'
import type { ServerRequest } from '../../application/request'
import type { ServerResponse } from '../../application/response'
import type { FieldList } from '../../message/fields'
import { allows, exceedsLimit, type FlowControl, isWorthAnnouncing } from '../flow-control'
import { type BodyEnd, PendingBody } from './pending-body'
import { type StreamEvent, type StreamState, type Transition, transition } from './stream-state'

/** A request as the application sees it, and what the connection tells it. */
export interface RequestSide extends ServerRequest {
  /** What `content-length` says; undefined without it. */
  readonly contentLength: number | undefined
  /** Takes a part of the body; it is kept. */
  receive(octets: OctetVector): void
  /** The request is complete. */
  end(trailers?: FieldList): void
  /** The response is complete: nobody waits for the rest of the request. */
  giveUpBody(): void
  /** The client gave the request up, or the server did. */
  abandon(): void
}

/** A response as the application sees it, and what the connection tells it. */
export interface ResponseSide extends ServerResponse {
  /** Some of what waited was sent. */
  onProgress(): void
  /** Nobody waits for the response any more: what is said from now on is not sent. */
  abandon(): void
}

/** One request and its response. Its state is changed by the events of the table in stream-state.ts only. */
export class Stream implements FlowControl {
  readonly id: number
  private sending: number
  private receiving: number
  /** Octets that the application has read, and that no WINDOW_UPDATE has announced yet. */
  private unannounced = 0
  private current: StreamState
  private bodyLength = 0
  private tunnel = false
  // Set at once by those who make a stream; separate only because each needs the other.
  private requestSide: RequestSide | undefined = undefined
  private responseSide: ResponseSide | undefined = undefined
  private currentUrgency: number
  private pendingBody: PendingBody | undefined = undefined
  private progressTime = 0
  /**
   * The mark of the StreamTable: it has the stream. Nobody else sets it. A set of its own would be two look-ups more for
   * each request.
   */
  listed = false
  /** The same of the SendQueue. */
  queued = false

  /** HEADERS have opened the stream. */
  constructor(
    id: number,
    endStream: boolean,
    sendWindow: number,
    receiveWindow: number,
    urgency: number,
  ) {
    this.id = id
    this.sending = sendWindow
    this.receiving = receiveWindow
    this.current = endStream ? OPENED_AND_ENDED : OPENED
    this.currentUrgency = urgency
  }

  get sendWindow(): number {
    return this.sending
  }

  get receiveWindow(): number {
    return this.receiving
  }

  countSent(count: number): void {
    this.sending -= count
  }

  changeSendWindow(difference: number): boolean {
    if (exceedsLimit(this.sending, difference)) return false
    this.sending += difference
    return true
  }

  countReceived(count: number): boolean {
    if (!allows(this.receiving, count)) return false
    this.receiving -= count
    return true
  }

  changeReceiveWindow(difference: number): void {
    this.receiving += difference
  }

  consume(count: number): void {
    this.unannounced += count
  }

  announce(windowSize: number): number {
    const increment = this.unannounced
    if (!isWorthAnnouncing(increment, windowSize)) return 0
    this.receiving += increment
    this.unannounced = 0
    return increment
  }

  get state(): StreamState {
    return this.current
  }

  /** Tells whether an event leads to a state. */
  allows(event: StreamEvent): boolean {
    return transition(this.current, event).kind === 'next'
  }

  /** Changes the state as the table says, if it says so. @returns what the table says */
  apply(event: StreamEvent): Transition {
    const change = transition(this.current, event)
    if (change.kind === 'next') this.current = change.state
    return change
  }

  /** Whether it is closed, however it ended. */
  get isOver(): boolean {
    return this.current === 'closed' || this.current === 'reset'
  }

  /** Whether the client may still send DATA. */
  get mayReceiveData(): boolean {
    return this.current === 'open' || this.current === 'half-closed (local)'
  }

  /** Whether the response was complete before the request, see stream-ends.ts. */
  get endedEarly(): boolean {
    return this.current === 'half-closed (local)' && !this.tunnel
  }

  /** Whether a 2xx response to CONNECT was sent, RFC 9113 section 8.5. */
  get isTunnel(): boolean {
    return this.tunnel
  }

  openTunnel(): void {
    this.tunnel = true
  }

  /** Octets of DATA received, without padding. */
  get received(): number {
    return this.bodyLength
  }

  countBody(length: number): void {
    this.bodyLength += length
  }

  get request(): RequestSide {
    return this.requestSide!
  }

  get response(): ResponseSide {
    return this.responseSide!
  }

  /** 0 to 7, RFC 9218: 0 is the most urgent. */
  get urgency(): number {
    return this.currentUrgency
  }

  changeUrgency(urgency: number): void {
    this.currentUrgency = urgency
  }

  /** Parts of the body that wait until they may be sent. */
  get pending(): PendingBody | undefined {
    return this.pendingBody
  }

  /** A part of the body has to wait. @param end what comes behind it */
  keep(octets: OctetVector, end: BodyEnd): void {
    this.pendingBody ??= new PendingBody()
    this.pendingBody.push(octets, end)
  }

  /** Nothing waits any more: all was sent, or will never be. */
  dropPending(): void {
    this.pendingBody = undefined
  }

  /** When the stream last went on while it waited for the client, in milliseconds. */
  get progressedAt(): number {
    return this.progressTime
  }

  progress(now: number): void {
    this.progressTime = now
  }

  /** Says who is behind it. */
  connect(request: RequestSide, response: ResponseSide): void {
    this.requestSide = request
    this.responseSide = response
  }

  /** Request and response will not both be complete. */
  abandon(): void {
    // First, since listeners to the request's signal may still try to answer.
    this.response.abandon()
    this.request.abandon()
  }
}

/** What the table says of a new stream, looked up once: `npm run bench` (connection) has what that spares. */
const OPENED = stateAfter('receive HEADERS')
const OPENED_AND_ENDED = stateAfter('receive HEADERS, END_STREAM')

function stateAfter(event: StreamEvent): StreamState {
  const change = transition('idle', event)
  return change.kind === 'next' ? change.state : 'idle'
}
