import { SettingsParameter } from '@h2lab/mini-http2/frames'
import type { DateField } from '@h2lab/mini-http2/protocol'
import type { Address } from '@h2lab/tls-context/native'
import { sharedCallbacks } from './callbacks'
import type { FieldArray } from './field-array'
import type { FieldBlock } from './field-block'
import { nghttp2 } from './library'
import { Nghttp2Request } from './nghttp2-request'
import { Nghttp2Response, type ResponseStream } from './nghttp2-response'
import type { OutgoingBody } from './outgoing-body'

/** One request and its response on a session of nghttp2. */
export class Nghttp2Stream implements ResponseStream {
  readonly id: number
  readonly request: Nghttp2Request
  readonly response: Nghttp2Response
  /** Whether the whole response was sent, so that only the rest of the request is awaited. */
  responseSent = false
  readonly #session: Address
  #closed = false

  /** @param date added to responses; undefined for none */
  constructor(session: Address, id: number, fields: FieldBlock, date: DateField | undefined) {
    this.#session = session
    this.id = id
    this.request = new Nghttp2Request(fields)
    this.response = new Nghttp2Response(this, date)
  }

  get method(): string {
    return this.request.method
  }

  get peerListSize(): number {
    return nghttp2().nghttp2_session_get_remote_settings(
      this.#session,
      SettingsParameter.MAX_HEADER_LIST_SIZE,
    )
  }

  submitHead(head: FieldArray, body: OutgoingBody | undefined): void {
    if (this.#closed) return
    const provider = body === undefined ? 0 : sharedCallbacks().bodyProvider
    nghttp2().nghttp2_submit_response(this.#session, this.id, head.address, head.count, provider)
  }

  submitInformational(head: FieldArray): void {
    if (this.#closed) return
    const { address, count } = head
    nghttp2().nghttp2_submit_headers(this.#session, 0, this.id, null, address, count, null)
  }

  submitTrailers(trailers: FieldArray): void {
    nghttp2().nghttp2_submit_trailer(this.#session, this.id, trailers.address, trailers.count)
  }

  resume(): void {
    // It fails if the body was not deferred, which does no harm: nghttp2 reads it anyway.
    if (!this.#closed) nghttp2().nghttp2_session_resume_data(this.#session, this.id)
  }

  reset(errorCode: number): void {
    if (this.#closed) return
    nghttp2().nghttp2_submit_rst_stream(this.#session, 0, this.id, errorCode)
  }

  /** The session has closed the stream or is closed itself. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    if (!this.response.ended) this.request.abandon()
    this.response.abandon()
  }
}
