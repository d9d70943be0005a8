import type { ErrorCodeName } from '../frame/error-code'
import { type Content, NO_CONTENT, toContent } from '../message/content'
import { checkContentLength, contentLengthOf, dropForbiddenLength } from '../message/content-length'
import { type FieldList, type FieldsInit, toFieldList } from '../message/fields'
import { checkInformationalStatus, checkStatus, statusAllowsBody } from '../message/status'
import type { PrebuiltResponse } from '../prebuilt/prebuild-response'
import type { ResponseBody, ServerResponse } from './response'
import {
  bodyNotAllowed,
  type ContentRule,
  checkNoneLeft,
  checkPrebuilt,
  checkTunnel,
  contentRule,
  leftAfter,
  mayBegin,
  mayWrite,
  opensTunnel,
  type ResponsePhase,
} from './response-rules'

/**
 * A response that enforces the rules of response-rules.ts. Subclasses send it over their protocol.
 *
 * The `submit...` methods receive checked data in a valid order: any informational responses, then
 * either a whole or prebuilt response, or a head, parts of a body and an end. Nothing is submitted
 * after {@link abandon}.
 */
export abstract class CheckedResponse implements ServerResponse {
  #phase: ResponsePhase = 'new'
  #content: ContentRule = 'allowed'
  /** Bytes of `content-length` that have not been written yet; undefined without it. */
  #announced: number | undefined
  #waiters: (() => void)[] | undefined

  /** The request's method. */
  protected abstract get method(): string
  /** Whether the amount of unsent data is below the high-water mark. */
  protected abstract get keepsUp(): boolean
  /** Whether the response can no longer be reset: everything was sent, or the client has gone. */
  abstract get settled(): boolean

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
    if (length > 0 && !statusAllowsBody(status)) throw bodyNotAllowed(status)
    const fields = toFieldList(headers)
    dropForbiddenLength(fields, status)
    // A response to HEAD may give the length of the body in `content-length`.
    const known = length === 0 && this.method === 'HEAD' ? undefined : length
    const announced = this.#checkLength(status, fields, known)
    if (announced === undefined && statusAllowsBody(status) && !opensTunnel(this.method, status)) {
      fields.push(['content-length', String(length)])
    }
    this.checkFields(fields)
    this.#phase = 'ended'
    this.submitWhole(status, fields, content)
  }

  sendPrebuilt(prebuilt: PrebuiltResponse): void {
    if (!mayBegin(this.#phase)) return
    checkPrebuilt(prebuilt)
    const { status, headers } = prebuilt
    if (opensTunnel(this.method, status)) checkTunnel(contentLengthOf(headers))
    this.checkFields(headers)
    this.#phase = 'ended'
    this.submitPrebuilt(prebuilt)
  }

  writeHead(status: number, headers: FieldsInit = NO_FIELDS): void {
    if (!mayBegin(this.#phase)) return
    checkStatus(status)
    const fields = toFieldList(headers)
    dropForbiddenLength(fields, status)
    const announced = this.#checkLength(status, fields, statusAllowsBody(status) ? undefined : 0)
    this.checkFields(fields)
    this.#announced = announced
    this.#content = contentRule(status, this.method)
    this.#phase = 'head sent'
    this.submitHead(status, fields, this.#announced)
  }

  write(body: ResponseBody): boolean {
    if (!mayWrite(this.#phase)) return true
    const content = toContent(body)
    this.#announced = leftAfter(this.#content, this.#announced, content.length)
    if (this.#content === 'allowed' && content.length > 0) {
      this.submitPart(content, this.#announced)
    }
    return this.keepsUp
  }

  drained(): Promise<void> {
    if (this.ended || this.keepsUp) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiters ??= []
      this.#waiters.push(resolve)
    })
  }

  end(body: ResponseBody = NO_CONTENT, trailers: FieldsInit = NO_FIELDS): void {
    if (!mayWrite(this.#phase)) return
    const content = toContent(body)
    const fields = this.#toTrailers(trailers)
    const left = leftAfter(this.#content, this.#announced, content.length)
    checkNoneLeft(this.#content, left)
    this.#phase = 'ended'
    this.submitEnd(this.#content === 'allowed' ? content : undefined, fields)
  }

  informational(status: number, headers: FieldsInit = NO_FIELDS): void {
    if (!mayBegin(this.#phase)) return
    checkInformationalStatus(status)
    const fields = toFieldList(headers)
    dropForbiddenLength(fields, status)
    this.checkFields(fields)
    this.submitInformational(status, fields)
  }

  reset(code: ErrorCodeName = 'CANCEL'): void {
    if (this.settled) return
    this.abandon()
    this.submitReset(code)
  }

  /** The client has gone: nothing that is written from now on is sent. */
  abandon(): void {
    // A complete response stays complete: writing more is still the caller's mistake.
    if (this.#phase !== 'ended') this.#phase = 'abandoned'
    this.#wakeWaiters()
  }

  /** Some of the waiting data was sent. */
  onProgress(): void {
    if (this.keepsUp) this.#wakeWaiters()
  }

  /**
   * @param fields includes `content-length` wherever HTTP allows it
   * @param content empty if the status allows none; not sent for HEAD
   */
  protected abstract submitWhole(status: number, fields: FieldList, content: Content): void
  protected abstract submitPrebuilt(prebuilt: PrebuiltResponse): void
  /** @param contentLength the value of `content-length` in the fields; undefined without it */
  protected abstract submitHead(
    status: number,
    fields: FieldList,
    contentLength: number | undefined,
  ): void
  /**
   * @param content not empty
   * @param left bytes of `content-length` still to come; undefined without it
   */
  protected abstract submitPart(content: Content, left: number | undefined): void
  /**
   * @param content the last part, may be empty; undefined if the response has no content because of
   *   its status or the method HEAD
   * @param trailers usually none
   */
  protected abstract submitEnd(content: Content | undefined, trailers: FieldList): void
  protected abstract submitInformational(status: number, fields: FieldList): void
  /** Called after {@link abandon}. */
  protected abstract submitReset(code: ErrorCodeName): void

  /** Throws a MisuseError for fields that HTTP allows but this client doesn't accept. */
  protected checkFields(_fields: FieldList): void {}

  /** Throws a MisuseError for trailers that HTTP allows but this protocol doesn't support. */
  protected checkTrailers(_fields: FieldList): void {}

  /** @returns the value of `content-length` */
  #checkLength(
    status: number,
    fields: FieldList,
    bodyLength: number | undefined,
  ): number | undefined {
    const announced = checkContentLength(fields, status, bodyLength)
    if (opensTunnel(this.method, status)) checkTunnel(announced)
    return announced
  }

  /** A response without a body can't have trailers. */
  #toTrailers(trailers: FieldsInit): FieldList {
    const fields = toFieldList(trailers)
    if (fields.length === 0) return NO_FIELDS
    if (this.#content === 'forbidden') throw bodyNotAllowed()
    if (this.#content === 'not sent') return NO_FIELDS
    this.checkFields(fields)
    this.checkTrailers(fields)
    return fields
  }

  #wakeWaiters(): void {
    const waiters = this.#waiters
    this.#waiters = undefined
    if (waiters !== undefined) for (const wake of waiters) wake()
  }
}

const NO_FIELDS: FieldList = []
