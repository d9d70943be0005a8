import { MisuseError } from '../errors'
import { statusAllowsBody } from '../message/status'
import { isPrebuiltResponse, type PrebuiltResponse } from '../prebuilt/prebuild-response'

/*
 * The rules for the order and content of a response, RFC 9110 and RFC 9113 section 8.1. These are
 * plain functions because `http2` uses them on its hot path: as methods of a base class they made a
 * trivial request slower (`npm run bench`, connection).
 */

/**
 * Bytes of a response that may wait before `write` returns false: a few frames, so that the next
 * data is ready when the socket drains.
 */
export const HIGH_WATER_MARK = 65_536

/** The progress of a response. */
export type ResponsePhase =
  | 'new'
  | 'head sent'
  /** The application has ended it. Some data may still wait to be sent. */
  | 'ended'
  /** It was reset, or the client has gone. */
  | 'abandoned'

/** The content that a response may have. */
export type ContentRule =
  | 'allowed'
  /** The status allows none. */
  | 'forbidden'
  /** For HEAD: counted, but not sent. */
  | 'not sent'

/** Returns false if the client has gone. Throws if the response has already begun. */
export function mayBegin(phase: ResponsePhase): boolean {
  if (phase === 'abandoned') return false
  if (phase === 'new') return true
  throw new MisuseError(
    'HEAD_ALREADY_SENT',
    'The response has already begun: it can have only one head.',
  )
}

/** Returns false if the client has gone. Throws if no head was sent, or the response has ended. */
export function mayWrite(phase: ResponsePhase): boolean {
  if (phase === 'abandoned') return false
  if (phase === 'head sent') return true
  throw phase === 'new'
    ? new MisuseError(
        'HEAD_NOT_SENT',
        'The head must be sent before the body: call writeHead first, or send.',
      )
    : new MisuseError('RESPONSE_ENDED', 'The response has ended: nothing more can be sent.')
}

/** Throws if the value was not made by `prebuildResponse`. */
export function checkPrebuilt(value: PrebuiltResponse): void {
  if (isPrebuiltResponse(value)) return
  throw new MisuseError(
    'INVALID_PREBUILT',
    'This is not a prebuilt response: sendPrebuilt takes the result of prebuildResponse.',
  )
}

/** Returns the content that may follow a head with this status. */
export function contentRule(status: number, method: string): ContentRule {
  if (!statusAllowsBody(status)) return 'forbidden'
  return method === 'HEAD' ? 'not sent' : 'allowed'
}

/**
 * Returns how many bytes of `content-length` are left after another part is written.
 *
 * @param announced bytes left before this part; undefined without `content-length`
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
    `${length} bytes were written, but content-length leaves only ${announced}.`,
  )
}

/** Throws if the response ends before `content-length` is reached. */
export function checkNoneLeft(rule: ContentRule, left: number | undefined): void {
  if (left === undefined || left === 0 || rule !== 'allowed') return
  throw new MisuseError(
    'CONTENT_LENGTH_MISMATCH',
    `The response ended ${left} bytes before its content-length.`,
  )
}

/** @param status undefined if it was given earlier */
export function bodyNotAllowed(status?: number): MisuseError {
  const which = status === undefined ? 'this status' : `status ${status}`
  return new MisuseError(
    'BODY_NOT_ALLOWED',
    `A response with ${which} can't have a body or trailers.`,
  )
}

/** Whether the response opens a tunnel: a 2xx response to CONNECT, RFC 9110 section 9.3.6. */
export function opensTunnel(method: string, status: number): boolean {
  return method === 'CONNECT' && status < 300
}

/** Throws if a response that opens a tunnel has a `content-length`. */
export function checkTunnel(contentLength: number | undefined): void {
  if (contentLength === undefined) return
  throw new MisuseError(
    'INVALID_FIELD',
    'A 2xx response to CONNECT must not have a content-length (RFC 9110 section 8.6).',
  )
}
