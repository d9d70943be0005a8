import type { ResponseBody, ServerResponse } from '../../application/response'
import {
  bodyNotAllowed,
  type ContentRule,
  checkNoneLeft,
  checkPrebuilt,
  checkTunnel,
  contentRule,
  HIGH_WATER_MARK,
  leftAfter,
  mayBegin,
  mayWrite,
  opensTunnel,
  type ResponsePhase,
} from '../../application/response-rules'
import type { ErrorCodeName } from '../../frame/error-code'
import { NO_CONTENT, toContent } from '../../message/content'
import {
  checkContentLength,
  contentLengthOf,
  dropForbiddenLength,
} from '../../message/content-length'
import { type FieldList, type FieldsInit, toFieldList } from '../../message/fields'
import { checkInformationalStatus, checkStatus, statusAllowsBody } from '../../message/status'
import type { PrebuiltResponse } from '../../prebuilt/prebuild-response'
import type { ConnectionCore } from '../connection-core'
import { sendBody } from '../send/bodies'
import { checkListSize } from '../send/header-list-limit'
import { sendPrebuilt } from '../send/prebuilt'
import { endSending, resetStream } from '../stream-ends'
import type { ResponseSide, Stream } from '../streams/stream'

/** A response, with the interfaces for the application and the connection. */
export class Http2Response implements ServerResponse, ResponseSide {
  readonly #core: ConnectionCore
  readonly #stream: Stream
  #phase: ResponsePhase = 'new'
  #content: ContentRule = 'allowed'
  /** Bytes of `content-length` that have not been written yet; undefined without it. */
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

  send(status: number, headers: FieldsInit = NO_FIELDS, body: ResponseBody = NO_CONTENT): void {
    if (!mayBegin(this.#phase)) return
    checkStatus(status)
    const content = toContent(body)
    const { length } = content
    const allowsBody = statusAllowsBody(status)
    if (length > 0 && !allowsBody) throw bodyNotAllowed(status)
    const { method } = this.#stream.request
    const withBody = length > 0 && method !== 'HEAD'
    const core = this.#core
    if (core.heads.remembers(status, headers) && method !== 'CONNECT') {
      this.#phase = 'ended'
      core.heads.sendRemembered(this.#stream.id, allowsBody ? length : undefined, !withBody)
    } else {
      this.#sendNewHead(status, headers, length)
    }
    if (withBody) sendBody(core, this.#stream, content, 'end')
    else endSending(core, this.#stream)
    core.ownerCall.announceOutput()
  }

  /** Checks and sends the head of a response whose body has `length` bytes. */
  #sendNewHead(status: number, headers: FieldsInit, length: number): void {
    const fields = toFieldList(headers)
    dropForbiddenLength(fields, status)
    const { method } = this.#stream.request
    // A response to HEAD may give the length of the body in `content-length`.
    const known = length === 0 && method === 'HEAD' ? undefined : length
    const announced = checkContentLength(fields, status, known)
    const tunnel = opensTunnel(method, status)
    if (tunnel) this.#openTunnel(announced)
    const addsLength = announced === undefined && !tunnel && statusAllowsBody(status)
    if (addsLength) fields.push(['content-length', String(length)])
    this.#checkSize(fields)
    this.#phase = 'ended'
    const { heads } = this.#core
    const { generation } = heads
    heads.send(this.#stream.id, status, fields, length === 0 || method === 'HEAD')
    if (addsLength) fields.pop()
    if (announced === undefined && !tunnel) heads.remember(status, headers, fields, generation)
  }

  sendPrebuilt(prebuilt: PrebuiltResponse): void {
    if (!mayBegin(this.#phase)) return
    checkPrebuilt(prebuilt)
    const { status, headers } = prebuilt
    const { method } = this.#stream.request
    if (opensTunnel(method, status)) this.#openTunnel(contentLengthOf(headers))
    this.#checkSize(headers)
    this.#phase = 'ended'
    sendPrebuilt(this.#core, this.#stream, prebuilt, method === 'HEAD')
    this.#core.ownerCall.announceOutput()
  }

  writeHead(status: number, headers: FieldsInit = NO_FIELDS): void {
    if (!mayBegin(this.#phase)) return
    checkStatus(status)
    const fields = toFieldList(headers)
    dropForbiddenLength(fields, status)
    const { method } = this.#stream.request
    const allowsBody = statusAllowsBody(status)
    const announced = checkContentLength(fields, status, allowsBody ? undefined : 0)
    if (opensTunnel(method, status)) this.#openTunnel(announced)
    this.#checkSize(fields)
    this.#announced = announced
    this.#content = contentRule(status, method)
    this.#phase = 'head sent'
    this.#core.heads.send(this.#stream.id, status, fields, false)
    this.#core.ownerCall.announceOutput()
  }

  write(body: ResponseBody): boolean {
    if (!mayWrite(this.#phase)) return true
    const content = toContent(body)
    this.#announced = leftAfter(this.#content, this.#announced, content.length)
    if (this.#content === 'not sent' || content.length === 0) return true
    sendBody(this.#core, this.#stream, content, 'open')
    this.#core.ownerCall.announceOutput()
    return this.#keepsUp()
  }

  drained(): Promise<void> {
    if (this.ended || this.#keepsUp()) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiters ??= []
      this.#waiters.push(resolve)
    })
  }

  end(body: ResponseBody = NO_CONTENT, trailers?: FieldsInit): void {
    if (!mayWrite(this.#phase)) return
    const content = toContent(body)
    const end = this.#toBodyEnd(trailers)
    const left = leftAfter(this.#content, this.#announced, content.length)
    checkNoneLeft(this.#content, left)
    this.#phase = 'ended'
    sendBody(this.#core, this.#stream, this.#content === 'allowed' ? content : NO_CONTENT, end)
    this.#core.ownerCall.announceOutput()
  }

  informational(status: number, headers: FieldsInit = NO_FIELDS): void {
    if (!mayBegin(this.#phase)) return
    checkInformationalStatus(status)
    const fields = toFieldList(headers)
    dropForbiddenLength(fields, status)
    this.#checkSize(fields)
    this.#core.heads.send(this.#stream.id, status, fields, false)
    this.#core.ownerCall.announceOutput()
  }

  reset(code: ErrorCodeName = 'CANCEL'): void {
    if (this.#stream.isOver) return
    resetStream(this.#core, this.#stream, code)
    this.abandon()
    this.#stream.request.abandon()
    this.#core.ownerCall.announceOutput()
  }

  /** The client has gone: nothing that is written from now on is sent. */
  abandon(): void {
    // A complete response stays complete: writing more is still the caller's mistake.
    if (this.#phase !== 'ended') this.#phase = 'abandoned'
    this.#wakeWaiters()
  }

  /** Some of the waiting data was sent. */
  onProgress(): void {
    if (this.#keepsUp()) this.#wakeWaiters()
  }

  #keepsUp(): boolean {
    const { pending } = this.#stream
    return pending === undefined || pending.length < HIGH_WATER_MARK
  }

  #openTunnel(announced: number | undefined): void {
    checkTunnel(announced)
    this.#stream.openTunnel()
  }

  #checkSize(fields: FieldList): void {
    checkListSize(fields, this.#core.peer.maxHeaderListSize)
  }

  /** A response without a body can't have trailers. */
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
