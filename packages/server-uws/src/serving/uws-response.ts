import {
  checkContentLength,
  checkInformationalStatus,
  checkStatus,
  type ErrorCodeName,
  type FieldsInit,
  isPrebuiltResponse,
  MisuseError,
  type PrebuiltResponse,
  type ResponseBody,
  type ServerResponse,
  statusAllowsBody,
  toFieldList,
} from '@h2lab/mini-http2'
import type { UwsHttpResponse } from '../library/uws-library'
import type { OpenRequests } from './open-requests'
import { OutgoingBody } from './outgoing-body'
import { endWithoutBody, type ResponseHead, sendHead, toResponseHead } from './response-head'
import { sendWholeBody } from './whole-body'

/** What a response tells of itself. */
export interface UwsResponseEvents {
  /** All was said: nobody waits for the rest of the request. Told while the socket is usable, at first. */
  onEnded(): void
  /** The handler gives the request up; its connection is closed. */
  onReset(): void
  /** Nothing waits any more: the socket can't be used from now on. */
  onSettled(): void
}

/** Where a response stands. */
type Phase =
  | 'new'
  | 'head sent'
  /** All was said; some of it may still wait for the client. */
  | 'ended'
  /** The connection is gone. */
  | 'abandoned'

/** What a response may have behind its head. */
type ContentRule =
  | 'allowed'
  /** The status has none. */
  | 'forbidden'
  /** For HEAD: it is measured, but not sent. */
  | 'not sent'

/** A response as the application sees it, and the access of what serves it. */
export class UwsResponse implements ServerResponse {
  readonly #socket: UwsHttpResponse
  readonly #method: string
  readonly #openRequests: OpenRequests
  readonly #events: UwsResponseEvents

  #phase: Phase = 'new'
  #settled = false
  #status = 0
  #content: ContentRule = 'allowed'
  /** What `content-length` says; undefined without it. */
  #contentLength: number | undefined
  /** How much of it isn't written yet. */
  #announced: number | undefined
  #body: OutgoingBody | undefined
  #waiters: (() => void)[] = []

  constructor(
    socket: UwsHttpResponse,
    method: string,
    openRequests: OpenRequests,
    events: UwsResponseEvents,
  ) {
    this.#socket = socket
    this.#method = method
    this.#openRequests = openRequests
    this.#events = events
  }

  get headSent(): boolean {
    return this.#phase !== 'new'
  }

  get ended(): boolean {
    return this.#phase === 'ended' || this.#phase === 'abandoned'
  }

  /** Whether nothing waits any more: the library can't be asked anything about it. */
  get settled(): boolean {
    return this.#settled
  }

  send(status: number, headers: FieldsInit = [], body: ResponseBody = ''): void {
    if (!this.#mayBegin()) return
    checkStatus(status)
    const octets = toOctets(body)
    const fields = toFieldList(headers)
    if (octets.length > 0 && !statusAllowsBody(status)) throw bodyNotAllowed()
    const known = octets.length === 0 && this.#method === 'HEAD' ? undefined : octets.length
    const announced = checkContentLength(fields, status, known)
    this.#sendWhole(status, toResponseHead(status, fields), announced, octets)
  }

  sendPrebuilt(prebuilt: PrebuiltResponse): void {
    if (!this.#mayBegin()) return
    if (!isPrebuiltResponse(prebuilt)) throw new TypeError('This is no prebuilt response.')
    const { status, headers, body } = prebuilt
    this.#sendWhole(
      status,
      headOf(prebuilt),
      checkContentLength(headers, status, body.length),
      body,
    )
  }

  writeHead(status: number, headers: FieldsInit = []): void {
    if (!this.#mayBegin()) return
    checkStatus(status)
    const fields = toFieldList(headers)
    const allowsBody = statusAllowsBody(status)
    this.#contentLength = checkContentLength(fields, status, allowsBody ? undefined : 0)
    this.#announced = this.#contentLength
    this.#content = !allowsBody ? 'forbidden' : this.#method === 'HEAD' ? 'not sent' : 'allowed'
    this.#phase = 'head sent'
    this.#status = status
    this.#socket.cork(() => this.#sendHead(toResponseHead(status, fields)))
  }

  write(body: ResponseBody): boolean {
    if (!this.#mayWrite()) return true
    const octets = toOctets(body)
    this.#announced = this.#leftAfter(octets.length)
    if (this.#content !== 'allowed') return true
    // The library takes the response as complete when it has sent as much as announced.
    if (this.#announced === 0) this.#events.onEnded()
    this.#outgoingBody(this.#contentLength).add(octets)
    this.#sendBody()
    return this.#keepsUp
  }

  drained(): Promise<void> {
    if (this.ended || this.#keepsUp) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  end(body: ResponseBody = '', trailers: FieldsInit = []): void {
    if (!this.#mayWrite()) return
    const octets = toOctets(body)
    const left = this.#leftAfter(octets.length)
    if (left !== undefined && left > 0 && this.#content === 'allowed') {
      throw new MisuseError(
        'CONTENT_LENGTH_MISMATCH',
        `content-length has announced ${left} octets more than are written at the end.`,
      )
    }
    const [trailer] = toFieldList(trailers)
    if (trailer !== undefined && this.#content === 'forbidden') throw bodyNotAllowed()
    if (trailer !== undefined && this.#content === 'allowed') throw noTrailers(trailer[0])
    this.#end()
    if (this.#content !== 'allowed') {
      this.#socket.cork(() => this.#endWithoutBody(this.#contentLength))
    } else if (this.#body === undefined) {
      this.#socket.cork(() => this.#sendWholeBody(octets))
    } else {
      this.#completeBody(octets, this.#contentLength)
    }
  }

  /** Checks what is given and sends nothing: the library can't, and clients can do without. */
  informational(status: number, headers: FieldsInit = []): void {
    if (!this.#mayBegin()) return
    checkInformationalStatus(status)
    checkContentLength(toFieldList(headers), status, undefined)
  }

  /** HTTP/1.1 can't give up one request alone: the connection is closed. */
  reset(_code?: ErrorCodeName): void {
    if (this.#settled) return
    this.#socket.close()
    this.abandon()
    this.#events.onReset()
  }

  /** The connection is gone: what is said from now on is not sent. */
  abandon(): void {
    // A response that was complete stays so: saying more is the caller's mistake.
    if (this.#phase !== 'ended') this.#phase = 'abandoned'
    this.#settle()
    this.#wakeWaiters()
  }

  get #keepsUp(): boolean {
    return this.#body?.keepsUp ?? true
  }

  #sendWhole(
    status: number,
    head: ResponseHead,
    announced: number | undefined,
    octets: Uint8Array,
  ): void {
    this.#status = status
    this.#end()
    this.#socket.cork(() => {
      this.#sendHead(head)
      const allowsBody = statusAllowsBody(status)
      if (allowsBody && this.#method !== 'HEAD') this.#sendWholeBody(octets)
      else this.#endWithoutBody(announced ?? (allowsBody ? octets.length : undefined))
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

  /** @param length what `content-length` says */
  #completeBody(octets: Uint8Array, length: number | undefined): void {
    const body = this.#outgoingBody(length)
    body.add(octets)
    body.complete()
    this.#sendBody()
  }

  #outgoingBody(length: number | undefined): OutgoingBody {
    this.#body ??= new OutgoingBody(this.#socket, length, {
      onProgress: () => this.#wakeWaiters(),
      onDone: () => this.#settle(),
    })
    return this.#body
  }

  #sendBody(): void {
    if (this.#keepsUp && !this.#settled) this.#socket.cork(() => this.#body?.send())
  }

  #endWithoutBody(contentLength: number | undefined): void {
    endWithoutBody(this.#socket, this.#status, contentLength)
    this.#settle()
  }

  #end(): void {
    this.#phase = 'ended'
    this.#events.onEnded()
  }

  #settle(): void {
    if (this.#settled) return
    this.#settled = true
    this.#events.onSettled()
  }

  /** Returns false if the client is gone; throws if the application has begun already. */
  #mayBegin(): boolean {
    if (this.#phase === 'abandoned') return false
    if (this.#phase === 'new') return true
    throw new MisuseError('HEAD_ALREADY_SENT', 'The response has begun already: it has one head.')
  }

  #mayWrite(): boolean {
    if (this.#phase === 'abandoned') return false
    if (this.#phase === 'head sent') return true
    throw this.#phase === 'new'
      ? new MisuseError(
          'HEAD_NOT_SENT',
          'A body comes after its head: call writeHead first, or send.',
        )
      : new MisuseError('RESPONSE_ENDED', 'The response has ended: nothing can follow.')
  }

  /** How much of what `content-length` has announced is left when so many octets more are written. */
  #leftAfter(length: number): number | undefined {
    if (length > 0 && this.#content === 'forbidden') throw bodyNotAllowed()
    const announced = this.#announced
    if (announced === undefined || length <= announced) return announced && announced - length
    throw new MisuseError(
      'CONTENT_LENGTH_MISMATCH',
      `${length} octets are written where content-length has announced only ${announced} more.`,
    )
  }

  #wakeWaiters(): void {
    for (const wake of this.#waiters.splice(0)) wake()
  }
}

/** The heads of prebuilt responses, laid out once for all requests. */
const heads = new WeakMap<PrebuiltResponse, ResponseHead>()

function headOf(prebuilt: PrebuiltResponse): ResponseHead {
  let head = heads.get(prebuilt)
  if (head === undefined) {
    head = toResponseHead(prebuilt.status, prebuilt.headers)
    heads.set(prebuilt, head)
  }
  return head
}

function toOctets(body: ResponseBody): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return body
  throw new MisuseError('INVALID_BODY', 'A body is text or octets.')
}

function bodyNotAllowed(): MisuseError {
  return new MisuseError(
    'BODY_NOT_ALLOWED',
    'A response with this status has no body, nor trailers.',
  )
}

function noTrailers(name: string): MisuseError {
  return new MisuseError(
    'INVALID_FIELD',
    `The trailer field ${JSON.stringify(name)} can't be sent: uWebSockets.js has no trailers. Put it into the head, or use a server of HTTP/2.`,
  )
}
