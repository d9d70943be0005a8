import type { Http2Request } from '../request/http2-request'
import type { Http2Response } from '../response/http2-response'
import type { PendingBody } from '../send/pending-body'
import type { StreamState } from './stream-state'

/** One request and its response. */
export class Stream {
  readonly id: number
  state: StreamState
  /** How many octets of DATA may still be sent; negative after a change of the peer's SETTINGS. */
  sendWindow: number
  /** How many octets of DATA the client may still send. */
  receiveWindow: number
  /** Octets of DATA received, without padding. */
  received = 0
  /** Octets that were read by the application, but not announced by WINDOW_UPDATE yet. */
  consumed = 0
  /** 0 to 7, RFC 9218. */
  urgency: number
  /** Whether it is a tunnel: a 2xx response to CONNECT was sent, RFC 9113 section 8.5. */
  isTunnel = false
  /** Parts of the body that wait until they may be sent. */
  pending: PendingBody | undefined = undefined
  /** When {@link pending} last got shorter, in milliseconds. */
  progressedAt = 0
  /** Whether the stream is in the table of open streams. */
  listed = false
  /** Whether the handler waits until output is taken. */
  waits = false
  /** Whether the stream is in the queue of those that may send. */
  queued = false
  // Set at once by those who make a stream; separate only because each needs the other.
  request!: Http2Request
  response!: Http2Response

  constructor(
    id: number,
    state: StreamState,
    sendWindow: number,
    receiveWindow: number,
    urgency: number,
  ) {
    this.id = id
    this.state = state
    this.sendWindow = sendWindow
    this.receiveWindow = receiveWindow
    this.urgency = urgency
  }
}
