import { ClientConnection, type PreparedRequest, prepareRequest } from '@h2lab/mini-http2/client'
import type { OctetVector } from '@h2lab/octets'
import type { ClientProtocol, MakeClientProtocol, RequestEvents } from './client-protocol'

/** Prepares requests for a URL: in HTTP/2 the requests in flight are streams. */
export function http2Requests(url: URL): MakeClientProtocol {
  const request = prepareRequest({
    scheme: url.protocol.slice(0, -1),
    authority: url.host,
    path: url.pathname + url.search,
  })
  return (events) => new Http2Client(request, events)
}

/** Streams have odd numbers from 1: RFC 9113 section 5.1.1. */
function requestOf(streamId: number): number {
  return streamId >>> 1
}

class Http2Client implements ClientProtocol {
  readonly #request: PreparedRequest
  readonly #connection: ClientConnection

  constructor(request: PreparedRequest, events: RequestEvents) {
    this.#request = request
    this.#connection = new ClientConnection({
      onEnd: (streamId, status) => events.onEnd(requestOf(streamId), status),
      onReset: (streamId) => events.onReset(requestOf(streamId)),
    })
  }

  get state(): ClientProtocol['state'] {
    return this.#connection.state
  }

  get error(): Error | undefined {
    return this.#connection.error
  }

  get mostInFlight(): number {
    return this.#connection.peerMaxConcurrentStreams
  }

  send(): void {
    this.#connection.send(this.#request)
  }

  finish(): void {
    this.#connection.goaway()
  }

  receive(octets: OctetVector): void {
    this.#connection.receive(octets)
  }

  /** Each stream says itself where it ends. */
  receiveEnd(): void {}

  takeOutput(): OctetVector | undefined {
    return this.#connection.takeOutput()
  }
}
