import { type Field, type RequestBody, RequestHeaders, type ServerRequest } from '@h2lab/mini-http2'
import { IncomingBody } from '@h2lab/mini-http2/protocol'
import type { UwsHttpRequest, UwsHttpResponse } from '../library/uws-library'

/** A request as the application sees it, and the server's access to it. */
export class UwsRequest implements ServerRequest {
  readonly method: string
  readonly scheme: string
  readonly authority: string
  readonly path: string
  /** HTTP/1.1 has no `:protocol`. */
  readonly protocol = undefined
  readonly headers: RequestHeaders
  /** uWebSockets.js discards trailers. */
  readonly trailers = undefined
  /** Whether content follows, RFC 9112 section 6. */
  readonly hasContent: boolean

  readonly #socket: UwsHttpResponse
  readonly #windowSize: number
  /** Without content, it is created on demand, because most requests have none. */
  #body: IncomingBody | undefined
  /** How many octets are waiting for the application. */
  #waiting = 0
  #reading: 'on' | 'paused' | 'given up' = 'on'
  #abortController: AbortController | undefined
  #abandoned = false

  /**
   * @param windowSize how many octets of the content may wait for the application, before no more are read from the
   *   client
   */
  constructor(
    request: UwsHttpRequest,
    socket: UwsHttpResponse,
    { scheme, windowSize }: { readonly scheme: string; readonly windowSize: number },
  ) {
    this.#socket = socket
    this.#windowSize = windowSize
    const fields: Field[] = []
    request.forEach((name, value) => void fields.push([name, value]))
    this.headers = new RequestHeaders(fields)
    this.method = request.getCaseSensitiveMethod()
    this.scheme = scheme
    this.authority = this.headers.get('host') ?? ''
    const query = request.getQuery()
    this.path = query ? `${request.getUrl()}?${query}` : request.getUrl()
    const length = this.headers.get('content-length')
    this.hasContent =
      (length !== undefined && length !== '0') || this.headers.has('transfer-encoding')
    if (this.hasContent) this.#body = this.#newBody('receiving')
  }

  get body(): RequestBody {
    this.#body ??= this.#newBody('complete')
    return this.#body
  }

  get signal(): AbortSignal {
    this.#abortController ??= new AbortController()
    if (this.#abandoned) this.#abortController.abort()
    return this.#abortController.signal
  }

  /** Receives a part of the content. The chunk is only valid during the call. */
  receive(chunk: ArrayBuffer, isLast: boolean): void {
    if (this.#reading !== 'given up' && chunk.byteLength > 0) {
      this.#waiting += chunk.byteLength
      this.#body?.receive(new Uint8Array(chunk.slice(0)))
    }
    if (isLast) this.#body?.end()
    else if (this.#reading === 'on' && this.#waiting > this.#windowSize) {
      this.#reading = 'paused'
      this.#socket.pause()
    }
  }

  /** The response is complete and its socket still usable, so the rest of the content is discarded. */
  giveUpBody(): void {
    if (this.#reading === 'paused') this.#socket.resume()
    this.#reading = 'given up'
    this.#body?.fail()
  }

  /** The client or the server has cancelled the request. */
  abandon(): void {
    if (this.#abandoned) return
    this.#abandoned = true
    this.#reading = 'given up'
    this.#body?.fail()
    this.#abortController?.abort()
  }

  #newBody(state: 'receiving' | 'complete'): IncomingBody {
    return new IncomingBody(state, {
      // The library has already sent a 100 response to a client that waits for one.
      onRead() {},
      onConsumed: (count) => this.#consumed(count),
    })
  }

  #consumed(count: number): void {
    this.#waiting -= count
    if (this.#reading !== 'paused' || this.#waiting > this.#windowSize / 2) return
    this.#reading = 'on'
    this.#socket.resume()
  }
}
