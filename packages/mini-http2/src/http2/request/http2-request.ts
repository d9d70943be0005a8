import type { OctetVector } from '@h2lab/octets'
import type { RequestBody, ServerRequest } from '../../application/request'
import { RequestHeaders } from '../../application/request-headers'
import type { FieldList } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import type { RequestSide, Stream } from '../streams/stream'
import { creditBody } from '../window-credit'
import { IncomingBody } from './incoming-body'
import type { RequestHead } from './request-head'

/**
 * A request, with the interfaces for the application and the connection. Rarely used properties are
 * created on demand. Benchmark: `npm run bench` (connection).
 */
export class Http2Request implements ServerRequest, RequestSide {
  readonly #core: ConnectionCore
  readonly #stream: Stream
  readonly #head: RequestHead
  #body: IncomingBody | undefined
  #trailers: RequestHeaders | undefined
  #abortController: AbortController | undefined
  #abandoned = false
  #bodyGivenUp = false
  /** Whether the whole request is there. */
  #complete: boolean

  constructor(core: ConnectionCore, stream: Stream, head: RequestHead, complete: boolean) {
    this.#core = core
    this.#stream = stream
    this.#head = head
    this.#complete = complete
  }

  get method(): string {
    return this.#head.method
  }

  get scheme(): string {
    return this.#head.scheme
  }

  get authority(): string {
    return this.#head.authority
  }

  get path(): string {
    return this.#head.path
  }

  get protocol(): string | undefined {
    return this.#head.protocol
  }

  get headers(): RequestHeaders {
    return this.#head.headers
  }

  get trailers(): RequestHeaders | undefined {
    return this.#trailers
  }

  get body(): RequestBody {
    return this.#incoming()
  }

  get signal(): AbortSignal {
    this.#abortController ??= new AbortController()
    if (this.#abandoned) this.#abortController.abort()
    return this.#abortController.signal
  }

  /** The value of `content-length`. */
  get contentLength(): number | undefined {
    return this.#head.contentLength
  }

  get awaitsContinue(): boolean {
    return this.#head.expectsContinue && this.#stream.received === 0
  }

  /** What its header list takes, in bytes. */
  get memory(): number {
    return this.#head.memory
  }

  /** Adds a part of the body, which is kept. */
  receive(octets: OctetVector): void {
    const isKept = this.#incoming().receive(octets)
    if (isKept) this.#core.streams.hold(this.#stream, octets.length)
  }

  /** The request is complete. */
  end(trailers?: FieldList): void {
    this.#complete = true
    if (trailers !== undefined) this.#trailers = new RequestHeaders(trailers)
    this.#body?.end()
  }

  /** The client or the server has cancelled the request. */
  abandon(): void {
    if (this.#abandoned) return
    this.#abandoned = true
    this.#body?.abandon()
    this.#abortController?.abort()
  }

  /** The response is complete, so the rest of the request isn't needed. */
  giveUpBody(): void {
    this.#bodyGivenUp = true
    this.#body?.fail()
  }

  #incoming(): IncomingBody {
    if (this.#body === undefined) {
      const lost = this.#abandoned || this.#bodyGivenUp
      this.#body = new IncomingBody(this.#complete ? 'complete' : lost ? 'failed' : 'receiving', {
        onRead: () => this.#continue(),
        onConsumed: (count) => {
          this.#core.streams.giveBack(this.#stream, count)
          creditBody(this.#core, this.#stream, count)
        },
        onDropped: (count) => this.#core.streams.giveBack(this.#stream, count),
      })
    }
    return this.#body
  }

  /** A client that waits for a 100 response gets it when the application reads the body. */
  #continue(): void {
    const { response, received } = this.#stream
    if (!this.#head.expectsContinue || this.#complete || received > 0) return
    if (!response.headSent && !response.ended) response.informational(100)
  }
}
