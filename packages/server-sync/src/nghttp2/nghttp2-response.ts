import type { ErrorCodeName, FieldList, PrebuiltResponse } from '@h2lab/mini-http2'
import { ErrorCode } from '@h2lab/mini-http2/frames'
import {
  CheckedResponse,
  type Content,
  checkListSize,
  contentOctets,
  type DateField,
  HIGH_WATER_MARK,
  hasDate,
  listSize,
  ORDINARY_LIST_SIZE,
} from '@h2lab/mini-http2/protocol'
import { type FieldArray, toFieldArray, toHeadArray } from './field-array'
import { OutgoingBody } from './outgoing-body'

/** What a response needs of its stream. */
export interface ResponseStream {
  readonly method: string
  /** The client's SETTINGS_MAX_HEADER_LIST_SIZE. */
  readonly peerListSize: number
  submitHead(head: FieldArray, body: OutgoingBody | undefined): void
  submitInformational(head: FieldArray): void
  submitTrailers(trailers: FieldArray): void
  /** The body has more octets than before. */
  resume(): void
  reset(errorCode: number): void
}

/** A response as the application sees it, and the connection's access to it. */
export class Nghttp2Response extends CheckedResponse {
  readonly #stream: ResponseStream
  readonly #date: DateField | undefined
  #settled = false
  /** The unsent part of the body; undefined if nothing follows the head. */
  #body: OutgoingBody | undefined
  #trailers: FieldArray | undefined

  /** @param date added to the head; undefined for none */
  constructor(stream: ResponseStream, date: DateField | undefined) {
    super()
    this.#stream = stream
    this.#date = date
  }

  get settled(): boolean {
    return this.#settled
  }

  /** The body that nghttp2 reads from; undefined without content. */
  get outgoingBody(): OutgoingBody | undefined {
    return this.#body
  }

  protected get method(): string {
    return this.#stream.method
  }

  protected get keepsUp(): boolean {
    return this.#body === undefined || this.#body.length < HIGH_WATER_MARK
  }

  /** The stream is closed or is about to be. */
  override abandon(): void {
    this.#settled = true
    super.abandon()
  }

  /** Some of the body was sent. The trailers are submitted after the last octet. */
  override onProgress(): void {
    super.onProgress()
    if (this.#trailers === undefined || this.#body?.length !== 0) return
    this.#stream.submitTrailers(this.#trailers)
    this.#trailers = undefined
  }

  protected override checkFields(fields: FieldList): void {
    // Asking for the limit costs a call.
    if (listSize(fields) > ORDINARY_LIST_SIZE) checkListSize(fields, this.#stream.peerListSize)
  }

  protected submitWhole(status: number, fields: FieldList, content: Content): void {
    this.#submitWhole(this.#toHead(status, fields), content)
  }

  protected submitPrebuilt(prebuilt: PrebuiltResponse): void {
    this.#submitWhole(headOf(prebuilt), prebuilt.body)
  }

  protected submitHead(status: number, fields: FieldList): void {
    this.#body = new OutgoingBody()
    this.#stream.submitHead(this.#toHead(status, fields), this.#body)
  }

  protected submitPart(content: Content): void {
    this.#body?.add(contentOctets(content))
    this.#stream.resume()
  }

  protected submitEnd(content: Content = '', trailers: FieldList): void {
    if (trailers.length > 0) this.#trailers = toFieldArray(trailers)
    this.#body?.add(contentOctets(content))
    this.#body?.complete(trailers.length > 0 ? 'trailers' : 'nothing')
    this.#stream.resume()
  }

  protected submitInformational(status: number, fields: FieldList): void {
    this.#stream.submitInformational(toHeadArray(status, fields))
  }

  protected submitReset(code: ErrorCodeName): void {
    this.#stream.reset(ErrorCode[code])
  }

  #toHead(status: number, fields: FieldList): FieldArray {
    this.#date?.update(false)
    return toHeadArray(status, withDate(fields, this.#date))
  }

  #submitWhole(head: FieldArray, content: Content): void {
    if (content.length > 0 && this.method !== 'HEAD') {
      this.#body = new OutgoingBody()
      this.#body.add(contentOctets(content))
      this.#body.complete('nothing')
    }
    this.#stream.submitHead(head, this.#body)
  }
}

/** nghttp2 adds the field to the dynamic table, once per second. */
function withDate(fields: FieldList, date: DateField | undefined): FieldList {
  return date === undefined || hasDate(fields) ? fields : [...fields, ['date', date.text]]
}

/** The heads of prebuilt responses, laid out once for all requests. They have no `date` unless it was built in. */
const heads = new WeakMap<PrebuiltResponse, FieldArray>()

function headOf(prebuilt: PrebuiltResponse): FieldArray {
  let head = heads.get(prebuilt)
  if (head === undefined) {
    head = toHeadArray(prebuilt.status, prebuilt.headers)
    heads.set(prebuilt, head)
  }
  return head
}
