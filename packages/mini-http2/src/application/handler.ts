import type { ServerRequest } from './request'
import type { ServerResponse } from './response'

/**
 * An application: called once for each request, as soon as its header fields are there; the body
 * may still be on its way.
 *
 * It answers through `response`, now or later. What it throws, or its promise rejects with,
 * becomes a response with status 500, or ends the stream with INTERNAL_ERROR if the head is out already, and is
 * reported; the connection and its other requests go on. A RequestBodyError that a handler doesn't catch becomes
 * 413 for `BODY_TOO_LARGE` and 400 for `INVALID_JSON`.
 */
export type Handler = (request: ServerRequest, response: ServerResponse) => void | Promise<void>

/**
 * Called with what a handler threw, or its promise rejected with. What the listener itself throws or rejects with
 * is dropped. The default listener prints a report with `console.error`.
 */
export type HandlerErrorListener = (error: unknown, request: ServerRequest) => void | Promise<void>
