import type { OctetVector } from '@h2lab/octets'

/** The client side of a protocol as a load drives it: prepared requests again and again, no sockets. */
export interface ClientProtocol {
  /** `draining`: no more requests, but answers may come; `closed`: none of that. */
  readonly state: 'open' | 'draining' | 'closed'
  /** The server's fault that ended it. */
  readonly error: Error | undefined
  /** How many requests the server takes at once; undefined while it has yet to say that, Infinity if it doesn't say. */
  readonly mostInFlight: number | undefined
  /**
   * Sends a request of the plan. The first that is sent has the number 0, the next 1.
   *
   * @param index which of the plan's requests
   */
  send(index: number): void
  /** Says that no more requests come, if there are words for that. */
  finish(): void
  /** Takes octets from the server, split in any way; borrowed for the call. */
  receive(octets: OctetVector): void
  /** The server sends no more. */
  receiveEnd(): void
  /** Returns what is to be sent now as one run of octets, or undefined. More may come at the next call. */
  takeOutput(): OctetVector | undefined
}

/** What becomes of the requests, which go by their numbers. */
export interface RequestEvents {
  /** Its response is complete. */
  onEnd(request: number, status: number): void
  /** It gets no response, or none that can be understood; `reason` says why. */
  onReset(request: number, reason: string): void
  /** The server has said that it processes none of the requests after this number. */
  onLastRequest(request: number): void
}

/** Makes the protocol of one connection. */
export type MakeClientProtocol = (events: RequestEvents) => ClientProtocol
