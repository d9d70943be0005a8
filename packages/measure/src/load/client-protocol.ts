import type { OctetVector } from '@h2lab/octets'

/** The client side of a protocol as used by a load: it sends prepared requests repeatedly. No sockets. */
export interface ClientProtocol {
  /** `draining`: no more requests, but answers may arrive; `closed`: neither. */
  readonly state: 'open' | 'draining' | 'closed'
  /** The server's error that ended the connection. */
  readonly error: Error | undefined
  /** How many concurrent requests the server allows. Undefined until it is known, Infinity if there is no limit. */
  readonly mostInFlight: number | undefined
  /**
   * Sends a request of the plan. Requests are numbered from 0 in the order of sending.
   *
   * @param index the index of the request in the plan
   */
  send(index: number): void
  /** Announces that no more requests follow, if the protocol can. */
  finish(): void
  /** Processes octets from the server, split in any way. They are only valid during the call. */
  receive(octets: OctetVector): void
  /** The server has ended its side. */
  receiveEnd(): void
  /** Returns a run of octets to be sent now, or undefined. The next call may return more. */
  takeOutput(): OctetVector | undefined
}

/** The outcomes of the requests, by number. */
export interface RequestEvents {
  /** Its response is complete. */
  onEnd(request: number, status: number): void
  /** The request gets no valid response; `reason` says why. */
  onReset(request: number, reason: string): void
  /** The server has refused it before it processed any of it. */
  onRefused(request: number): void
  /** The server has said that it processes none of the requests after this number. */
  onLastRequest(request: number): void
}

/** Creates the protocol of a connection. */
export type MakeClientProtocol = (events: RequestEvents) => ClientProtocol
