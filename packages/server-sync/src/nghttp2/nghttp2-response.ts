import {
  checkContentLength,
  checkInformationalStatus,
  checkStatus,
  ErrorCode,
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
import { type OctetVector, octetize } from '@h2lab/octets'
import { type FieldArray, toFieldArray, toHeadArray } from './field-array'
import { OutgoingBody } from './outgoing-body'

/** What a response does on its stream. */
export interface ResponseStream {
  readonly method: string
  submitHead(head: FieldArray, body: OutgoingBody | undefined): void
  submitInformational(head: FieldArray): void
  submitTrailers(trailers: FieldArray): void
  /** There is more of the body than before. */
  resume(): void
  reset(errorCode: number): void
}

/** Octets that may wait before `write` says that the client doesn't keep up, as in `http2`. */
const HIGH_WATER_MARK = 65_536

type Phase = 'new' | 'head sent' | 'ended' | 'abandoned'

/** A response as the application sees it, and the connection's access to it. */
export class Nghttp2Response implements ServerResponse {
  readonly #stream: ResponseStream
  #phase: Phase = 'new'
  /** What `write` and `end` go to; undefined where the status or HEAD has no content. */
  #body: OutgoingBody | undefined
  #content: 'allowed' | 'forbidden' | 'not sent' = 'allowed'
  /** What `content-length` has announced and isn't written yet; undefined without it. */
  #announced: number | undefined
  #trailers: FieldArray | undefined
  #waiters: (() => void)[] = []

  constructor(stream: ResponseStream) {
    this.#stream = stream
  }

  get headSent(): boolean {
    return this.#phase !== 'new'
  }

  get ended(): boolean {
    return this.#phase === 'ended' || this.#phase === 'abandoned'
  }

  /** What nghttp2 sends of; undefined without content. */
  get outgoingBody(): OutgoingBody | undefined {
    return this.#body
  }

  send(status: number, headers: FieldsInit = [], body: ResponseBody = ''): void {
    if (!this.#mayBegin()) return
    checkStatus(status)
    const octets = toOctets(body)
    const fields = toFieldList(headers)
    if (octets.length > 0 && !statusAllowsBody(status)) throw bodyNotAllowed()
    const { method } = this.#stream
    const known = octets.length === 0 && method === 'HEAD' ? undefined : octets.length
    const announced = checkContentLength(fields, status, known)
    const tunnel = opensTunnel(method, status)
    if (tunnel) checkTunnel(announced)
    if (announced === undefined && !tunnel && statusAllowsBody(status)) {
      fields.push(['content-length', String(octets.length)])
    }
    this.#sendWhole(toHeadArray(status, fields), octets)
  }

  sendPrebuilt(prebuilt: PrebuiltResponse): void {
    if (!this.#mayBegin()) return
    if (!isPrebuiltResponse(prebuilt)) throw new TypeError('This is no prebuilt response.')
    if (opensTunnel(this.#stream.method, prebuilt.status)) {
      checkTunnel(checkContentLength(prebuilt.headers, prebuilt.status, undefined))
    }
    this.#sendWhole(headOf(prebuilt), prebuilt.body)
  }

  writeHead(status: number, headers: FieldsInit = []): void {
    if (!this.#mayBegin()) return
    checkStatus(status)
    const fields = toFieldList(headers)
    const { method } = this.#stream
    const allowsBody = statusAllowsBody(status)
    this.#announced = checkContentLength(fields, status, allowsBody ? undefined : 0)
    if (opensTunnel(method, status)) checkTunnel(this.#announced)
    this.#content = !allowsBody ? 'forbidden' : method === 'HEAD' ? 'not sent' : 'allowed'
    this.#phase = 'head sent'
    this.#body = new OutgoingBody()
    this.#stream.submitHead(toHeadArray(status, fields), this.#body)
  }

  write(body: ResponseBody): boolean {
    if (!this.#mayWrite()) return true
    const octets = toOctets(body)
    this.#announced = this.#leftAfter(octets.length)
    if (this.#content === 'not sent') return true
    this.#body?.add(octets)
    this.#stream.resume()
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
    const fields = toFieldList(trailers)
    if (fields.length > 0 && this.#content === 'forbidden') throw bodyNotAllowed()
    this.#phase = 'ended'
    if (this.#content === 'allowed') this.#body?.add(octets)
    const withTrailers = fields.length > 0 && this.#content === 'allowed'
    if (withTrailers) this.#trailers = toFieldArray(fields)
    this.#body?.complete(withTrailers ? 'trailers' : 'nothing')
    this.#stream.resume()
  }

  informational(status: number, headers: FieldsInit = []): void {
    if (!this.#mayBegin()) return
    checkInformationalStatus(status)
    const fields = toFieldList(headers)
    checkContentLength(fields, status, undefined)
    this.#stream.submitInformational(toHeadArray(status, fields))
  }

  reset(code: ErrorCodeName = 'CANCEL'): void {
    if (this.#phase === 'abandoned') return
    this.#phase = 'abandoned'
    this.#stream.reset(ErrorCode[code])
  }

  /** Nobody waits for the response any more: what is said from now on is not sent. */
  abandon(): void {
    if (this.#phase !== 'ended') this.#phase = 'abandoned'
    this.#wakeWaiters()
  }

  /** Some of the body was sent. The trailers are submitted once it is through. */
  onProgress(): void {
    if (this.#keepsUp) this.#wakeWaiters()
    if (this.#trailers === undefined || this.#body?.length !== 0) return
    this.#stream.submitTrailers(this.#trailers)
    this.#trailers = undefined
  }

  get #keepsUp(): boolean {
    return this.#body === undefined || this.#body.length < HIGH_WATER_MARK
  }

  #sendWhole(head: FieldArray, octets: OctetVector): void {
    this.#phase = 'ended'
    if (octets.length > 0 && this.#stream.method !== 'HEAD') {
      this.#body = new OutgoingBody()
      this.#body.add(octets)
      this.#body.complete('nothing')
    }
    this.#stream.submitHead(head, this.#body)
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
const heads = new WeakMap<PrebuiltResponse, FieldArray>()

function headOf(prebuilt: PrebuiltResponse): FieldArray {
  let head = heads.get(prebuilt)
  if (head === undefined) {
    head = toHeadArray(prebuilt.status, prebuilt.headers)
    heads.set(prebuilt, head)
  }
  return head
}

function toOctets(body: ResponseBody): OctetVector {
  if (typeof body === 'string') return octetize(body)
  if (body instanceof Uint8Array) return body
  throw new MisuseError('INVALID_BODY', 'A body is text or octets.')
}

function bodyNotAllowed(): MisuseError {
  return new MisuseError(
    'BODY_NOT_ALLOWED',
    'A response with this status has no body, nor trailers.',
  )
}

/** A 2xx response to CONNECT is a tunnel's beginning, RFC 9110 section 9.3.6. */
function opensTunnel(method: string, status: number): boolean {
  return method === 'CONNECT' && status < 300
}

function checkTunnel(announced: number | undefined): void {
  if (announced === undefined) return
  throw new MisuseError(
    'INVALID_FIELD',
    'A 2xx response to CONNECT has no content-length (RFC 9110 section 8.6).',
  )
}
