import type { ServerRequest } from './request'
import type { ServerResponse } from './response'

/**
 * An application: called once for each request, as soon as its header fields are there; the body
 * may still be on its way.
 *
 * It answers through `response`, now or later. What it throws, or its promise rejects with,
 * becomes a response with status 500 (413 for a body that was too large), or ends the stream with INTERNAL_ERROR if the head is
 * out already, and is reported; the connection and its other requests go on.
 */
export type Handler = (request: ServerRequest, response: ServerResponse) => void | Promise<void>

/**
 * Told of what a handler threw, or its promise rejected with. What it throws or rejects with itself
 * is dropped.
 */
export type HandlerErrorListener = (error: unknown, request: ServerRequest) => void | Promise<void>
