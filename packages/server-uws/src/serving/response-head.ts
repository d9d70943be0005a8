import { STATUS_CODES } from 'node:http'
import type { FieldList } from '@h2lab/mini-http2'
import type { UwsHttpResponse } from '../library/uws-library'
import type { OpenRequests } from './open-requests'

/** The status and fields of a response, prepared for uWebSockets.js. */
export interface ResponseHead {
  /** Such as `404 Not Found`. */
  readonly statusLine: string
  readonly fields: readonly (readonly [name: string, value: string | Uint8Array])[]
}

/**
 * Prepares a head, without `content-length`, which is sent with the body, and without `date`, which the library adds
 * to every response.
 */
export function toResponseHead(status: number, fields: FieldList): ResponseHead {
  return {
    statusLine: `${status} ${STATUS_CODES[status] ?? 'Unknown'}`,
    fields: fields
      .filter(([name]) => name !== 'content-length' && name !== 'date')
      .map(([name, value]) => [name, toFieldValue(value)]),
  }
}

/** Writes a head. While the server drains, it asks the client to close its connection. */
export function sendHead(
  socket: UwsHttpResponse,
  head: ResponseHead,
  openRequests: OpenRequests,
): void {
  // This is the library's default, so a call is saved.
  if (head.statusLine !== '200 OK') socket.writeStatus(head.statusLine)
  for (const field of head.fields) socket.writeHeader(field[0], field[1])
  if (openRequests.draining) socket.writeHeader('connection', 'close')
}

/**
 * Ends a response without a body, because of HEAD or its status.
 *
 * @param contentLength the length that a body would have had, where HTTP allows the field
 */
export function endWithoutBody(
  socket: UwsHttpResponse,
  status: number,
  contentLength: number | undefined,
): void {
  if (status === 205) {
    // RFC 9110 section 15.3.6: the response must indicate that it has no content.
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
