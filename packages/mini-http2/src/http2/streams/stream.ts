import type { OctetVector } from '@h2lab/octets'
import type { ErrorCodeName } from '../../frame/error-code'
import type { FieldList } from '../../message/fields'
import { FlowControl } from '../flow-control'
import type { PendingBody } from './pending-body'
import { type StreamEvent, type StreamState, type Transition, transition } from './stream-state'

/** What the connection tells a request. */
export interface RequestSide {
  readonly method: string
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

/** What the connection tells a response, or asks of it. */
export interface ResponseSide {
  readonly headSent: boolean
  readonly ended: boolean
  /** Sends an informational response, RFC 9110 section 15.2. */
  informational(status: number): void
  /** Some of what waited was sent. */
  onProgress(): void
  /** Nobody waits for the response any more: what is said from now on is not sent. */
  abandon(): void
  /** Gives the request up, as the application may. */
  reset(code?: ErrorCodeName): void
}

/** One request and its response. Its state is changed by the events of the table in stream-state.ts only. */
export class Stream extends FlowControl {
  readonly id: number
  #state: StreamState = 'idle'
  /** Octets of DATA received, without padding. */
  #received = 0
  #isTunnel = false
  // Set at once by those who make a stream; separate only because each needs the other.
  #request!: RequestSide
  #response!: ResponseSide
  /** 0 to 7, RFC 9218. */
  urgency: number
  /** Parts of the body that wait until they may be sent. */
  pending: PendingBody | undefined = undefined
  /** When the stream last went on while it waited for the client, in milliseconds. */
  progressedAt = 0
  /** The mark of the StreamTable: it has the stream. A set of its own would be two look-ups more for each request. */
  listed = false
  /** The mark of the SendQueue. */
  queued = false

  /** HEADERS have opened the stream. */
  constructor(
    id: number,
    endStream: boolean,
    sendWindow: number,
    receiveWindow: number,
    urgency: number,
  ) {
    super(sendWindow, receiveWindow)
    this.id = id
    this.urgency = urgency
    this.apply(endStream ? 'receive HEADERS, END_STREAM' : 'receive HEADERS')
  }

  get state(): StreamState {
    return this.#state
  }

  /** Tells whether an event leads to a state. */
  allows(event: StreamEvent): boolean {
    return transition(this.#state, event).kind === 'next'
  }

  /** Changes the state as the table says, if it says so. @returns what the table says */
  apply(event: StreamEvent): Transition {
    const change = transition(this.#state, event)
    if (change.kind === 'next') this.#state = change.state
    return change
  }

  /** Whether it is closed, however it ended. */
  get isOver(): boolean {
    return this.#state === 'closed' || this.#state === 'reset'
  }

  /** Whether the client may still send DATA. */
  get mayReceiveData(): boolean {
    return this.#state === 'open' || this.#state === 'half-closed (local)'
  }

  /** Whether the response was complete before the request, see stream-ends.ts. */
  get endedEarly(): boolean {
    return this.#state === 'half-closed (local)' && !this.#isTunnel
  }

  /** Whether a 2xx response to CONNECT was sent, RFC 9113 section 8.5. */
  get isTunnel(): boolean {
    return this.#isTunnel
  }

  openTunnel(): void {
    this.#isTunnel = true
  }

  /** Octets of DATA received, without padding. */
  get received(): number {
    return this.#received
  }

  countBody(length: number): void {
    this.#received += length
  }

  get request(): RequestSide {
    return this.#request
  }

  get response(): ResponseSide {
    return this.#response
  }

  /** Says who is behind it. */
  connect(request: RequestSide, response: ResponseSide): void {
    this.#request = request
    this.#response = response
  }

  /** Request and response will not both be complete. */
  abandon(): void {
    // First, since listeners to the request's signal may still try to answer.
    this.#response.abandon()
    this.#request.abandon()
  }
}
