import { concatenate, type OctetVector, OutputBuffer, octetize } from '@h2lab/octets'
import type { ClientProtocol, MakeClientProtocol, RequestEvents } from '../client-protocol'
import type { LoadPlan, PlannedRequest } from '../plan'
import { ResponseReader } from './response-reader'

/**
 * Prepares the requests of a plan. In HTTP/1.1, requests in flight are pipelined and answered in order (RFC 9112
 * section 9.3.2).
 */
export function http1Requests({ origin, requests }: LoadPlan): MakeClientProtocol {
  const { host } = new URL(origin)
  const prepared = requests.map((request) => octetsOf(request, host))
  // All requests of a plan have the same method.
  const method = requests.every((request) => request.method === 'HEAD') ? 'HEAD' : 'GET'
  return (events) => new Http1Client(prepared, method, events)
}

function octetsOf({ method, path, headers, body }: PlannedRequest, host: string): OctetVector {
  const content = body === null ? undefined : Buffer.from(body, 'base64')
  const isGiven = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...(isGiven('host') ? [] : [`Host: ${host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(content === undefined || isGiven('content-length')
      ? []
      : [`Content-Length: ${content.length}`]),
  ]
  const head = octetize(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return content === undefined ? head : concatenate(head, content)
}

class Http1Client implements ClientProtocol {
  readonly mostInFlight = Number.POSITIVE_INFINITY
  readonly #requests: readonly OctetVector[]
  readonly #output = new OutputBuffer()
  readonly #reader: ResponseReader
  #sent = 0
  #answered = 0
  #state: 'open' | 'draining' = 'open'

  /** @param method HEAD or any other: responses to HEAD have no body */
  constructor(requests: readonly OctetVector[], method: 'GET' | 'HEAD', events: RequestEvents) {
    this.#requests = requests
    this.#reader = new ResponseReader(
      {
        isExpected: () => this.#answered < this.#sent,
        onResponse: (status) => events.onEnd(this.#answered++, status),
      },
      method,
    )
  }

  get state(): ClientProtocol['state'] {
    return this.#reader.state === 'closed' ? 'closed' : this.#state
  }

  get error(): Error | undefined {
    return this.#reader.error
  }

  /** Copies the request. */
  send(index: number): void {
    this.#sent++
    this.#output.append(this.#requests[index]!)
  }

  /** HTTP/1.1 has no way to announce it. */
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
