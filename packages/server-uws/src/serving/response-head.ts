import { STATUS_CODES } from 'node:http'
import type { FieldList } from '@h2lab/mini-http2'
import type { UwsHttpResponse } from '../library/uws-library'
import type { OpenRequests } from './open-requests'

/** Status and fields of a response as uWebSockets.js takes them. */
export interface ResponseHead {
  /** As `404 Not Found`. */
  readonly statusLine: string
  readonly fields: readonly (readonly [name: string, value: string | Uint8Array])[]
}

/**
 * Lays a head out. Without `content-length`, which comes with the body, and without `date`, which
 * the library adds to every response.
 */
export function toResponseHead(status: number, fields: FieldList): ResponseHead {
  return {
    statusLine: `${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    fields: fields
      .filter(([name]) => name !== 'content-length' && name !== 'date')
      .map(([name, value]) => [name, toFieldValue(value)]),
  }
}

/** Writes a head; while the server drains, it asks the client to close its connection. */
export function sendHead(
  socket: UwsHttpResponse,
  head: ResponseHead,
  openRequests: OpenRequests,
): void {
  // It is the library's default, and one call less.
  if (head.statusLine !== '200 OK') socket.writeStatus(head.statusLine)
  for (const field of head.fields) socket.writeHeader(field[0], field[1])
  if (openRequests.draining) socket.writeHeader('connection', 'close')
}

/**
 * Ends a response that has no body: to HEAD, or by its status.
 *
 * @param contentLength what a body would have had, where HTTP lets the response say so
 */
export function endWithoutBody(
  socket: UwsHttpResponse,
  status: number,
  contentLength: number | undefined,
): void {
  if (status === 205) {
    // RFC 9110 section 15.3.6: it has to say that there is none.
    socket.end()
    return
  }
  if (contentLength !== undefined) socket.writeHeader('content-length', String(contentLength))
  socket.endWithoutBody()
}

/** The library sends text as UTF-8, but fields are Latin-1. */
function toFieldValue(value: string): string | Uint8Array {
  return /^[\t -~]*$/.test(value) ? value : Buffer.from(value, 'latin1')
}
