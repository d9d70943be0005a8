import { ClientConnection, type PreparedRequest, prepareRequest } from '@h2lab/mini-http2/client'
import { ErrorCode, errorCodeName } from '@h2lab/mini-http2/frames'
import type { OctetVector } from '@h2lab/octets'
import type { ClientProtocol, MakeClientProtocol, RequestEvents } from './client-protocol'
import type { LoadPlan } from './plan'

/** Prepares the requests of a plan. In HTTP/2, requests in flight are streams. */
export function http2Requests({ origin, requests }: LoadPlan): MakeClientProtocol {
  const url = new URL(origin)
  const prepared = requests.map(({ method, path, headers, body }) => {
    const octets = body === null ? undefined : Buffer.from(body, 'base64')
    return prepareRequest({
      method,
      scheme: url.protocol.slice(0, -1),
      authority: url.host,
      path,
      // Some servers need the length before they accept the body.
      headers: octets === undefined ? headers : [...headers, lengthField(octets)],
      ...(octets === undefined ? {} : { body: octets }),
    })
  })
  return (events) => new Http2Client(prepared, events)
}

function lengthField({ length }: Buffer): [string, string] {
  return ['content-length', String(length)]
}

/** Stream identifiers are odd, from 1: RFC 9113 section 5.1.1. */
function requestOf(streamId: number): number {
  return streamId >>> 1
}

class Http2Client implements ClientProtocol {
  readonly #requests: readonly PreparedRequest[]
  readonly #connection: ClientConnection

  constructor(requests: readonly PreparedRequest[], events: RequestEvents) {
    this.#requests = requests
    this.#connection = new ClientConnection({
      onEnd: (streamId, status) => events.onEnd(requestOf(streamId), status),
      onReset(streamId, code) {
        const request = requestOf(streamId)
        // RFC 9113 section 8.7: it was not processed.
        if (code === ErrorCode.REFUSED_STREAM) events.onRefused(request)
        else events.onReset(request, `stream reset by the server: ${errorCodeName(code)}`)
      },
      onMalformed: (streamId, reason) =>
        events.onReset(requestOf(streamId), `malformed response: ${reason}`),
      onGoaway: (lastStreamId) => events.onLastRequest(requestOf(lastStreamId + 1) - 1),
    })
  }

  get state(): ClientProtocol['state'] {
    return this.#connection.state
  }

  get error(): Error | undefined {
    return this.#connection.error
  }

  /** Unknown until the server's SETTINGS arrive. It would refuse requests beyond its limit. */
  get mostInFlight(): number | undefined {
    return this.#connection.hasSettings ? this.#connection.peerMaxConcurrentStreams : undefined
  }

  /** Copies the frame. */
  send(index: number): void {
    this.#connection.send(this.#requests[index]!)
  }

  finish(): void {
    this.#connection.goaway()
  }

  receive(octets: OctetVector): void {
    this.#connection.receive(octets)
  }

  /** Each stream marks its own end. */
  receiveEnd(): void {}

  takeOutput(): OctetVector | undefined {
    return this.#connection.takeOutput()
  }
}
