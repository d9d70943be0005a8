import type { OctetVector } from '@h2lab/octets'
import type { ResponseBody, ServerResponse } from '../../application/response'
import { MisuseError } from '../../errors'
import type { ErrorCodeName } from '../../frame/error-code'
import { fieldSize } from '../../hpack'
import { checkContentLength, contentLengthOf } from '../../message/content-length'
import { type FieldList, type FieldsInit, toFieldList } from '../../message/fields'
import { checkInformationalStatus, checkStatus, statusAllowsBody } from '../../message/status'
import type { PrebuiltResponse } from '../../prebuilt/prebuild-response'
import type { ConnectionCore } from '../connection-core'
import { sendContent, toContent } from '../send/content'
import { rememberHead, sendRepeatedHead } from '../send/repeated-head'
import { endSending } from '../send/send-body'
import { sendHeaders, sendReset } from '../send/send-frames'
import { sendPrebuilt } from '../send/send-prebuilt'
import type { Stream } from '../streams/stream'

/**
 * Octets that may wait of one response before `write` says that the client doesn't keep up: a few
 * frames, so that something is there when the socket has taken what was before.
 */
const HIGH_WATER_MARK = 65_536

/** Where a response stands. */
type Phase =
  | 'new'
  | 'head sent'
  | 'ended'
  /** The stream was reset, or the client is gone. */
  | 'abandoned'

/** What a response may have behind its head. */
type ContentRule =
  | 'allowed'
  /** The status has none. */
  | 'forbidden'
  /** For HEAD: it is measured, but not sent. */
  | 'not sent'

/** A response as the application sees it, and the connection's access to it. */
export class Http2Response implements ServerResponse {
  readonly #core: ConnectionCore
  readonly #stream: Stream
  #phase: Phase = 'new'
  #content: ContentRule = 'allowed'
  /** What `content-length` has announced and isn't written yet; undefined without it. */
  #announced: number | undefined
  #waiters: (() => void)[] | undefined

  constructor(core: ConnectionCore, stream: Stream) {
    this.#core = core
    this.#stream = stream
  }

  get headSent(): boolean {
    return this.#phase !== 'new'
  }

  get ended(): boolean {
    return this.#phase === 'ended' || this.#phase === 'abandoned'
  }

  send(status: number, headers: FieldsInit = NO_FIELDS, body: ResponseBody = NO_OCTETS): void {
    if (!this.#mayBegin()) return
    checkStatus(status)
    const content = toContent(body)
    const { length } = content
    const allowsBody = statusAllowsBody(status)
    if (length > 0 && !allowsBody) throw bodyNotAllowed(status)
    const { method } = this.#stream.request
    const withBody = length > 0 && method !== 'HEAD'
    const core = this.#core
    if (core.repeatedHead?.matches(core, status, headers) && method !== 'CONNECT') {
      this.#phase = 'ended'
      const announced = allowsBody ? length : undefined
      sendRepeatedHead(core, this.#stream.id, core.repeatedHead, announced, !withBody)
    } else {
      this.#sendNewHead(status, headers, length)
    }
    if (withBody) sendContent(core, this.#stream, content, 'end')
    else endSending(core, this.#stream)
    core.onOutput()
  }

  /** Checks and sends the head of a response whose body has `length` octets. */
  #sendNewHead(status: number, headers: FieldsInit, length: number): void {
    const fields = toFieldList(headers)
    const { method } = this.#stream.request
    // For HEAD it may be left to `content-length` to say how long the body would be.
    const known = length === 0 && method === 'HEAD' ? undefined : length
    const announced = checkContentLength(fields, status, known)
    const tunnel = opensTunnel(method, status)
    if (tunnel) this.#openTunnel(announced)
    const addsLength = announced === undefined && !tunnel && statusAllowsBody(status)
    if (addsLength) fields.push(['content-length', String(length)])
    this.#checkSize(fields)
    this.#phase = 'ended'
    const core = this.#core
    const { generation } = core.encoder
    sendHeaders(core, this.#stream.id, status, fields, length === 0 || method === 'HEAD')
    if (addsLength) fields.pop()
    if (announced === undefined && !tunnel) rememberHead(core, status, headers, fields, generation)
  }

  sendPrebuilt(prebuilt: PrebuiltResponse): void {
    if (!this.#mayBegin()) return
    const { status, headers } = prebuilt
    const { method } = this.#stream.request
    if (opensTunnel(method, status)) this.#openTunnel(contentLengthOf(headers))
    this.#checkSize(headers)
    sendPrebuilt(this.#core, this.#stream, prebuilt, method === 'HEAD')
    // Last, so that a caller who gives something else can still answer.
    this.#phase = 'ended'
    this.#core.onOutput()
  }

  writeHead(status: number, headers: FieldsInit = NO_FIELDS): void {
    if (!this.#mayBegin()) return
    checkStatus(status)
    const fields = toFieldList(headers)
    const { method } = this.#stream.request
    const allowsBody = statusAllowsBody(status)
    const announced = checkContentLength(fields, status, allowsBody ? undefined : 0)
    if (opensTunnel(method, status)) this.#openTunnel(announced)
    this.#checkSize(fields)
    this.#announced = announced
    this.#content = !allowsBody ? 'forbidden' : method === 'HEAD' ? 'not sent' : 'allowed'
    this.#phase = 'head sent'
    sendHeaders(this.#core, this.#stream.id, status, fields, false)
    this.#core.onOutput()
  }

  write(body: ResponseBody): boolean {
    if (!this.#mayWrite()) return true
    const content = toContent(body)
    this.#announced = this.#leftAfter(content.length)
    if (this.#content === 'not sent' || content.length === 0) return true
    sendContent(this.#core, this.#stream, content, 'open')
    this.#core.onOutput()
    return this.#keepsUp
  }

  drained(): Promise<void> {
    if (this.ended || this.#keepsUp) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiters ??= []
      this.#waiters.push(resolve)
    })
  }

  end(body: ResponseBody = NO_OCTETS, trailers?: FieldsInit): void {
    if (!this.#mayWrite()) return
    const content = toContent(body)
    const end = this.#toBodyEnd(trailers)
    const left = this.#leftAfter(content.length)
    if (left !== undefined && left > 0 && this.#content === 'allowed') {
      throw new MisuseError(
        'CONTENT_LENGTH_MISMATCH',
        `content-length has announced ${left} octets more than are written at the end.`,
      )
    }
    this.#phase = 'ended'
    sendContent(this.#core, this.#stream, this.#content === 'allowed' ? content : NO_OCTETS, end)
    this.#core.onOutput()
  }

  informational(status: number, headers: FieldsInit = NO_FIELDS): void {
    if (!this.#mayBegin()) return
    checkInformationalStatus(status)
    const fields = toFieldList(headers)
    checkContentLength(fields, status, undefined)
    this.#checkSize(fields)
    sendHeaders(this.#core, this.#stream.id, status, fields, false)
    this.#core.onOutput()
  }

  reset(code: ErrorCodeName = 'CANCEL'): void {
    if (this.#stream.state === 'closed' || this.#stream.state === 'reset') return
    sendReset(this.#core, this.#stream, code)
    this.abandon()
    this.#stream.request.abandon()
    this.#core.onOutput()
  }

  /** Nobody waits for the response any more: what is said from now on is not sent. */
  abandon(): void {
    // A response that was complete stays so: saying more is the caller's mistake.
    if (this.#phase !== 'ended') this.#phase = 'abandoned'
    this.#wakeWaiters()
  }

  /** Some of what waited was sent. */
  onProgress(): void {
    if (this.#keepsUp) this.#wakeWaiters()
  }

  get #keepsUp(): boolean {
    const { pending } = this.#stream
    return pending === undefined || pending.length < HIGH_WATER_MARK
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

  #openTunnel(announced: number | undefined): void {
    if (announced !== undefined) {
      throw new MisuseError(
        'INVALID_FIELD',
        'A 2xx response to CONNECT has no content-length (RFC 9110 section 8.6).',
      )
    }
    this.#stream.isTunnel = true
  }

  /** The client may have said how long header lists may be, RFC 9113 section 6.5.2. */
  #checkSize(fields: FieldList): void {
    const { maxHeaderListSize } = this.#core.peer
    if (maxHeaderListSize === Number.POSITIVE_INFINITY) return
    let size = fieldSize([':status', '200'])
    for (const field of fields) size += fieldSize(field)
    if (size <= maxHeaderListSize) return
    throw new MisuseError(
      'HEADER_LIST_TOO_LARGE',
      `The header fields count ${size} octets, but this client takes at most ${maxHeaderListSize}.`,
    )
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

  /** Where there is no body, there is nothing for trailers to be behind. */
  #toBodyEnd(trailers: FieldsInit | undefined): 'end' | { readonly trailers: FieldList } {
    if (trailers === undefined) return 'end'
    const fields = toFieldList(trailers)
    if (fields.length === 0) return 'end'
    if (this.#content === 'forbidden') throw bodyNotAllowed()
    this.#checkSize(fields)
    return this.#content === 'allowed' ? { trailers: fields } : 'end'
  }

  #wakeWaiters(): void {
    const waiters = this.#waiters
    this.#waiters = undefined
    if (waiters !== undefined) for (const wake of waiters) wake()
  }
}

const NO_FIELDS: FieldList = []
const NO_OCTETS: OctetVector = new Uint8Array(0)

function bodyNotAllowed(status?: number): MisuseError {
  const which = status === undefined ? 'this status' : `status ${status}`
  return new MisuseError('BODY_NOT_ALLOWED', `A response with ${which} has no body, nor trailers.`)
}

/** A 2xx response to CONNECT is a tunnel's beginning, RFC 9110 section 9.3.6. */
function opensTunnel(method: string, status: number): boolean {
  return method === 'CONNECT' && status < 300
}
