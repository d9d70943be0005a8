import { type OctetVector, OutputBuffer, octetize } from '@h2lab/octets'
import type { ClientProtocol, MakeClientProtocol, RequestEvents } from '../client-protocol'
import { ResponseReader } from './response-reader'

/**
 * Prepares requests for a URL: in HTTP/1.1 those in flight are pipelined, and answered in their
 * order (RFC 9112 section 9.3.2).
 */
export function http1Requests(url: URL): MakeClientProtocol {
  const request = octetize(
    `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`,
    'latin1',
  )
  return (events) => new Http1Client(request, events)
}

class Http1Client implements ClientProtocol {
  readonly mostInFlight = Number.POSITIVE_INFINITY
  readonly #request: OctetVector
  readonly #output = new OutputBuffer()
  readonly #reader: ResponseReader
  #sent = 0
  #answered = 0
  #state: 'open' | 'draining' = 'open'

  constructor(request: OctetVector, events: RequestEvents) {
    this.#request = request
    this.#reader = new ResponseReader({
      isExpected: () => this.#answered < this.#sent,
      onResponse: (status) => events.onEnd(this.#answered++, status),
    })
  }

  get state(): ClientProtocol['state'] {
    return this.#reader.state === 'closed' ? 'closed' : this.#state
  }

  get error(): Error | undefined {
    return this.#reader.error
  }

  /** Hot path: a copy of the request. */
  send(): void {
    this.#sent++
    this.#output.append(this.#request)
  }

  /** There are no words for it. */
  finish(): void {
    this.#state = 'draining'
  }

  receive(octets: OctetVector): void {
    this.#reader.receive(octets)
  }

  receiveEnd(): void {
    this.#reader.receiveEnd()
  }

  takeOutput(): OctetVector | undefined {
    return this.#output.take()
  }
}
