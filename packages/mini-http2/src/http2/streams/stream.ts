import type { OctetVector } from '@h2lab/octets'
import type { HandlerWatcher } from '../../application/call-handler'
import type { ServerRequest } from '../../application/request'
import type { ServerResponse } from '../../application/response'
import type { FieldList } from '../../message/fields'
import { allows, exceedsLimit, type FlowControl, isWorthAnnouncing } from '../flow-control'
import type { ConnectionMemory } from '../limits/memory'
import { type BodyEnd, PendingBody } from './pending-body'
import { type StreamEvent, type StreamState, type Transition, transition } from './stream-state'

/** A request, with the connection's interface to it. */
export interface RequestSide extends ServerRequest {
  /** The value of `content-length`; undefined without it. */
  readonly contentLength: number | undefined
  /** Whether the client waits for a 100 response before it sends the body. */
  readonly awaitsContinue: boolean
  /** What its header list takes, in bytes. */
  readonly memory: number
  /** Adds a part of the body, which is kept. */
  receive(octets: OctetVector): void
  /** The request is complete. */
  end(trailers?: FieldList): void
  /** The response is complete, so the rest of the request isn't needed. */
  giveUpBody(): void
  /** The client or the server has cancelled the request. */
  abandon(): void
}

/** A response, with the connection's interface to it. */
export interface ResponseSide extends ServerResponse {
  /** Some of the waiting data was sent. */
  onProgress(): void
  /** The client has gone: nothing that is written from now on is sent. */
  abandon(): void
}

/** A request and its response. Its state changes only as the table in stream-state.ts defines. */
export class Stream implements FlowControl, HandlerWatcher {
  readonly id: number
  private sending: number
  private receiving: number
  /** Octets that the application has read but no WINDOW_UPDATE has announced yet. */
  private unannounced = 0
  private current: StreamState
  private bodyLength = 0
  private tunnel = false
  // Set right after construction. The stream and its sides need each other.
  private requestSide: RequestSide | undefined = undefined
  private responseSide: ResponseSide | undefined = undefined
  private currentUrgency: number
  private pendingBody: PendingBody | undefined = undefined
  private progressTime = 0
  private handler: 'ended' | 'running' | (() => void) = 'ended'
  /**
   * Whether the StreamTable has the stream. Only the table sets it. A separate set would cost two
   * more lookups for each request.
   */
  listed = false
  /** Same, for the SendQueue. */
  queued = false
  /** What it makes us hold, in bytes. The StreamTable counts it. */
  held = 0

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

  /** Returns whether the current state allows an event. */
  allows(event: StreamEvent): boolean {
    return transition(this.current, event).kind === 'next'
  }

  /**
   * Changes the state according to the table.
   *
   * @returns the transition
   */
  apply(event: StreamEvent): Transition {
    const change = transition(this.current, event)
    if (change.kind === 'next') this.current = change.state
    return change
  }

  /** Whether the stream is closed, however it ended. */
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

  /** Parts of the body that wait to be sent. */
  get pending(): PendingBody | undefined {
    return this.pendingBody
  }

  /**
   * Adds a part of the body that must wait.
   *
   * @param end what follows it
   */
  keep(octets: OctetVector, end: BodyEnd, memory: ConnectionMemory, now: number): void {
    this.pendingBody ??= new PendingBody(memory, now)
    this.pendingBody.push(octets, end)
  }

  /** Nothing waits any more: everything was sent, or never will be. */
  dropPending(): void {
    this.pendingBody?.clear()
    this.pendingBody = undefined
  }

  /** When the stream last made progress while it waited for the client, in milliseconds. */
  get progressedAt(): number {
    return this.progressTime
  }

  progress(now: number): void {
    this.progressTime = now
  }

  /** Whether a promise of the handler is not settled yet. */
  get isHandled(): boolean {
    return this.handler !== 'ended'
  }

  handlerBegun(): void {
    this.handler = 'running'
  }

  handlerEnded(): void {
    const { handler } = this
    this.handler = 'ended'
    if (typeof handler === 'function') handler()
  }

  /** Calls a function when the handler that is running ends. */
  onHandlerEnd(listener: () => void): void {
    this.handler = listener
  }

  /** Sets request and response. */
  connect(request: RequestSide, response: ResponseSide): void {
    this.requestSide = request
    this.responseSide = response
  }

  /** Request and response will not both be completed. */
  abandon(): void {
    // First, because listeners of the request's signal may still try to respond.
    this.response.abandon()
    this.request.abandon()
  }
}

/** The state of a new stream, looked up once. Benchmark: `npm run bench` (connection). */
const OPENED = stateAfter('receive HEADERS')
const OPENED_AND_ENDED = stateAfter('receive HEADERS, END_STREAM')

function stateAfter(event: StreamEvent): StreamState {
  const change = transition('idle', event)
  return change.kind === 'next' ? change.state : 'idle'
}
