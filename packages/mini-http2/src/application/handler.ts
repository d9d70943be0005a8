import type { ServerRequest } from './request'
import type { ServerResponse } from './response'

/**
 * An application. It is called once for each request, as soon as the header fields have arrived.
 * The body may still be arriving.
 *
 * The handler answers through `response`, immediately or later. If it throws or its promise
 * rejects, the client gets a response with status 500, or the stream ends with INTERNAL_ERROR if
 * the head has been sent. The error is reported; the connection and its other requests continue. A
 * RequestBodyError that the handler doesn't catch becomes 413 for `BODY_TOO_LARGE` and 400 for
 * `INVALID_JSON`.
 */
export type Handler = (request: ServerRequest, response: ServerResponse) => void | Promise<void>

/**
 * Called with the error that a handler threw or rejected with. Errors of the listener itself are
 * ignored. The default listener prints a report with `console.error`.
 */
export type HandlerErrorListener = (error: unknown, request: ServerRequest) => void | Promise<void>
