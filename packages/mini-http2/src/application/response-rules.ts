import { MisuseError } from '../errors'
import { statusAllowsBody } from '../message/status'
import { isPrebuiltResponse, type PrebuiltResponse } from '../prebuilt/prebuild-response'

/*
 * What HTTP allows a handler to say when, RFC 9110 and RFC 9113 section 8.1. Functions without a state of
 * their own, since `http2` answers by them on its hot path: as methods of a class that it inherits from they
 * made a trivial request slower (`npm run bench`, connection).
 */

/**
 * Octets that may wait of one response before `write` says that the client doesn't keep up: a few
 * frames, so that something is there when the socket has taken what was before.
 */
export const HIGH_WATER_MARK = 65_536

/** Where a response stands. */
export type ResponsePhase =
  | 'new'
  | 'head sent'
  /** All was said; some of it may still wait for the client. */
  | 'ended'
  /** It was given up, or the client is gone. */
  | 'abandoned'

/** What a response may have behind its head. */
export type ContentRule =
  | 'allowed'
  /** The status has none. */
  | 'forbidden'
  /** For HEAD: it is measured, but not sent. */
  | 'not sent'

/** Returns false if the client is gone; throws if the application has begun already. */
export function mayBegin(phase: ResponsePhase): boolean {
  if (phase === 'abandoned') return false
  if (phase === 'new') return true
  throw new MisuseError('HEAD_ALREADY_SENT', 'The response has begun already: it has one head.')
}

/** Returns false if the client is gone; throws if no head was sent, or the end was. */
export function mayWrite(phase: ResponsePhase): boolean {
  if (phase === 'abandoned') return false
  if (phase === 'head sent') return true
  throw phase === 'new'
    ? new MisuseError(
        'HEAD_NOT_SENT',
        'A body comes after its head: call writeHead first, or send.',
      )
    : new MisuseError('RESPONSE_ENDED', 'The response has ended: nothing can follow.')
}

/** Throws if a value is not what `prebuildResponse` makes. */
export function checkPrebuilt(value: PrebuiltResponse): void {
  if (isPrebuiltResponse(value)) return
  throw new MisuseError(
    'INVALID_PREBUILT',
    'This is no prebuilt response: sendPrebuilt takes what prebuildResponse returns.',
  )
}

/** What may follow a head with this status. */
export function contentRule(status: number, method: string): ContentRule {
  if (!statusAllowsBody(status)) return 'forbidden'
  return method === 'HEAD' ? 'not sent' : 'allowed'
}

/**
 * Tells how much of what `content-length` has announced is left when so many octets more are written.
 *
 * @param announced what was left before; undefined without `content-length`
 */
export function leftAfter(
  rule: ContentRule,
  announced: number | undefined,
  length: number,
): number | undefined {
  if (length > 0 && rule === 'forbidden') throw bodyNotAllowed()
  if (announced === undefined || length <= announced) return announced && announced - length
  throw new MisuseError(
    'CONTENT_LENGTH_MISMATCH',
    `${length} octets are written where content-length has announced only ${announced} more.`,
  )
}

/** Throws if the response ends before its `content-length`. */
export function checkNoneLeft(rule: ContentRule, left: number | undefined): void {
  if (left === undefined || left === 0 || rule !== 'allowed') return
  throw new MisuseError(
    'CONTENT_LENGTH_MISMATCH',
    `content-length has announced ${left} octets more than are written at the end.`,
  )
}

/** @param status undefined if it was given before */
export function bodyNotAllowed(status?: number): MisuseError {
  const which = status === undefined ? 'this status' : `status ${status}`
  return new MisuseError('BODY_NOT_ALLOWED', `A response with ${which} has no body, nor trailers.`)
}

/** A 2xx response to CONNECT is a tunnel's beginning, RFC 9110 section 9.3.6. */
export function opensTunnel(method: string, status: number): boolean {
  return method === 'CONNECT' && status < 300
}

/** Throws if a tunnel's beginning has a `content-length`. */
export function checkTunnel(contentLength: number | undefined): void {
  if (contentLength === undefined) return
  throw new MisuseError(
    'INVALID_FIELD',
    'A 2xx response to CONNECT has no content-length (RFC 9110 section 8.6).',
  )
}
