import { type FieldList, MisuseError, type PrebuiltResponse } from '@h2lab/mini-http2'
import {
  CheckedResponse,
  type Content,
  contentLengthOf,
  contentOctets,
  statusAllowsBody,
} from '@h2lab/mini-http2/protocol'
import type { UwsHttpResponse } from '../library/uws-library'
import type { OpenRequests } from './open-requests'
import { OutgoingBody } from './outgoing-body'
import { endWithoutBody, type ResponseHead, sendHead, toResponseHead } from './response-head'
import { sendWholeBody } from './whole-body'

/** What a response reports to its owner. */
export interface UwsResponseEvents {
  /** The response is complete, so the rest of the request is not needed. First called while the socket is usable. */
  onEnded(): void
  /** The handler cancels the request, so its connection is closed. */
  onReset(): void
  /** Nothing is left to be sent. The socket can't be used from now on. */
  onSettled(): void
}

/** A response as the application sees it, and the server's access to it. */
export class UwsResponse extends CheckedResponse {
  readonly #socket: UwsHttpResponse
  readonly #openRequests: OpenRequests
  readonly #events: UwsResponseEvents
  protected readonly method: string

  #settled = false
  #status = 0
  /** The value of `content-length`; undefined without it. */
  #contentLength: number | undefined
  #body: OutgoingBody | undefined

  constructor(
    socket: UwsHttpResponse,
    method: string,
    openRequests: OpenRequests,
    events: UwsResponseEvents,
  ) {
    super()
    this.#socket = socket
    this.method = method
    this.#openRequests = openRequests
    this.#events = events
  }

  /** Whether nothing is left to be sent. The library must not be called for it any more. */
  get settled(): boolean {
    return this.#settled
  }

  protected get keepsUp(): boolean {
    return this.#body?.keepsUp ?? true
  }

  /** The connection is gone, so nothing more is sent. */
  override abandon(): void {
    super.abandon()
    this.#settle()
  }

  protected submitWhole(status: number, fields: FieldList, content: Content): void {
    const head = toResponseHead(status, fields)
    this.#submitWhole(status, head, contentLengthOf(fields), contentOctets(content))
  }

  protected submitPrebuilt(prebuilt: PrebuiltResponse): void {
    const { status, headers, body } = prebuilt
    this.#submitWhole(status, headOf(prebuilt), contentLengthOf(headers), body)
  }

  protected submitHead(status: number, fields: FieldList, contentLength: number | undefined): void {
    this.#status = status
    this.#contentLength = contentLength
    this.#socket.cork(() => this.#sendHead(toResponseHead(status, fields)))
  }

  protected submitPart(content: Content, left: number | undefined): void {
    // The library considers the response complete once it has sent the announced length.
    if (left === 0) this.#events.onEnded()
    this.#outgoingBody(this.#contentLength).add(contentOctets(content))
    this.#sendBody()
  }

  protected submitEnd(content: Content | undefined): void {
    this.#events.onEnded()
    if (content === undefined) {
      this.#socket.cork(() => this.#endWithoutBody(this.#contentLength))
    } else if (this.#body === undefined) {
      this.#socket.cork(() => this.#sendWholeBody(contentOctets(content)))
    } else {
      this.#completeBody(contentOctets(content), this.#contentLength)
    }
  }

  /** The library can't send informational responses, which are optional. */
  protected submitInformational(): void {}

  /** HTTP/1.1 can't cancel a single request, so the connection is closed. */
  protected submitReset(): void {
    this.#socket.close()
    this.#events.onReset()
  }

  protected override checkTrailers(fields: FieldList): void {
    throw new MisuseError(
      'INVALID_FIELD',
      `The trailer field ${JSON.stringify(fields[0]?.[0])} can't be sent: uWebSockets.js has no trailers. Send it in the head, or use an HTTP/2 server.`,
    )
  }

  #submitWhole(
    status: number,
    head: ResponseHead,
    contentLength: number | undefined,
    octets: Uint8Array,
  ): void {
    this.#status = status
    this.#events.onEnded()
    this.#socket.cork(() => {
      this.#sendHead(head)
      if (statusAllowsBody(status) && this.method !== 'HEAD') this.#sendWholeBody(octets)
      else this.#endWithoutBody(contentLength)
    })
  }

  #sendHead(head: ResponseHead): void {
    sendHead(this.#socket, head, this.#openRequests)
  }

  #sendWholeBody(octets: Uint8Array): void {
    const rest = sendWholeBody(this.#socket, octets)
    if (rest === undefined) this.#settle()
    else this.#completeBody(rest, octets.length)
  }

  /** @param length the value of `content-length` */
  #completeBody(octets: Uint8Array, length: number | undefined): void {
    const body = this.#outgoingBody(length)
    body.add(octets)
    body.complete()
    this.#sendBody()
  }

  #outgoingBody(length: number | undefined): OutgoingBody {
    this.#body ??= new OutgoingBody(this.#socket, length, {
      onProgress: () => this.onProgress(),
      onDone: () => this.#settle(),
    })
    return this.#body
  }

  #sendBody(): void {
    if (this.keepsUp && !this.#settled) this.#socket.cork(() => this.#body?.send())
  }

  #endWithoutBody(contentLength: number | undefined): void {
    endWithoutBody(this.#socket, this.#status, contentLength)
    this.#settle()
  }

  #settle(): void {
    if (this.#settled) return
    this.#settled = true
    this.#events.onSettled()
  }
}

/** The heads of prebuilt responses, prepared once for all requests. */
const heads = new WeakMap<PrebuiltResponse, ResponseHead>()

function headOf(prebuilt: PrebuiltResponse): ResponseHead {
  let head = heads.get(prebuilt)
  if (head === undefined) {
    head = toResponseHead(prebuilt.status, prebuilt.headers)
    heads.set(prebuilt, head)
  }
  return head
}
