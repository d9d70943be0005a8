import {
  promiseRefused,
  RequestBodyError,
  type RequestBodyErrorCode,
  responseReturned,
} from '../errors'
import type { Handler, HandlerErrorListener } from './handler'
import type { ServerRequest } from './request'
import type { ServerResponse } from './response'

/** A handler and the listener for its errors. */
export interface HandlerOptions {
  readonly handler: Handler
  readonly onHandlerError: HandlerErrorListener
}

/** Told how long a handler that returns a promise runs. */
export interface HandlerWatcher {
  handlerBegun(): void
  handlerEnded(): void
}

/**
 * Calls the handler with a request. An error ends this request only: with status 500 (413 for a
 * body that is too large, 400 for a body that isn't valid JSON), or with INTERNAL_ERROR if the head
 * has been sent. A handler that returns a WHATWG `Response` fails with a MisuseError
 * `RESPONSE_RETURNED`.
 *
 * Never throws. Allocates nothing unless the handler returns or throws something.
 *
 * @param promises `refused` for a blocking loop, which never settles promises: a handler that
 *   returns one fails with a MisuseError `PROMISE_REFUSED`
 * @param watcher told when a handler that returns a promise begins and ends
 */
export function callHandler(
  options: HandlerOptions,
  promises: 'awaited' | 'refused',
  request: ServerRequest,
  response: ServerResponse,
  watcher?: HandlerWatcher,
): void {
  try {
    const returned: unknown = options.handler(request, response)
    if (returned === undefined) return
    if (!isPromise(returned)) {
      checkResult(returned, options, request, response)
      return
    }
    if (promises === 'refused') refusePromise(returned)
    awaitPromise(returned, options, request, response, watcher)
  } catch (error) {
    handlerFailed(options, request, response, error)
  }
}

function isPromise(returned: unknown): returned is Promise<unknown> {
  return typeof (returned as Partial<Promise<unknown>> | null)?.then === 'function'
}

/** The promise's result is ignored. A rejection must not end the process. */
function refusePromise(promise: Promise<unknown>): never {
  promise.then(undefined, () => {})
  throw promiseRefused()
}

function awaitPromise(
  promise: Promise<unknown>,
  options: HandlerOptions,
  request: ServerRequest,
  response: ServerResponse,
  watcher: HandlerWatcher | undefined,
): void {
  watcher?.handlerBegun()
  promise.then(
    (result) => {
      watcher?.handlerEnded()
      if (result !== undefined) checkResult(result, options, request, response)
    },
    (error: unknown) => {
      watcher?.handlerEnded()
      handlerFailed(options, request, response, error)
    },
  )
}

/**
 * A fetch handler without `toHandler` returns a `Response` that is never sent. Untyped handlers may
 * return anything else, such as the response of an HTTP client. Checks the class string, because
 * the global class may have been replaced and loading it takes time.
 */
function checkResult(
  result: unknown,
  options: HandlerOptions,
  request: ServerRequest,
  response: ServerResponse,
): void {
  if (typeof result !== 'object' || result === null || response.headSent) return
  if (Object.prototype.toString.call(result) !== '[object Response]') return
  handlerFailed(options, request, response, responseReturned())
}

function handlerFailed(
  { onHandlerError }: HandlerOptions,
  request: ServerRequest,
  response: ServerResponse,
  error: unknown,
): void {
  answerFailure(response, statusOf(error))
  tell(onHandlerError, error, request)
}

/**
 * Statuses for errors that the client caused. They apply to errors that a handler doesn't catch.
 */
const CLIENT_FAULTS: Partial<Record<RequestBodyErrorCode, number>> = {
  BODY_TOO_LARGE: 413,
  INVALID_JSON: 400,
}

function statusOf(error: unknown): number {
  const own = error instanceof RequestBodyError ? CLIENT_FAULTS[error.code] : undefined
  return own ?? 500
}

function answerFailure(response: ServerResponse, status: number): void {
  if (response.ended) return
  try {
    if (!response.headSent) {
      response.send(status)
      return
    }
  } catch {
    // A response of another protocol may throw here, too.
  }
  response.reset('INTERNAL_ERROR')
}

/**
 * Synchronous: in a blocking loop, promises never settle and each one stays in memory. A listener
 * may still be asynchronous; its own errors are ignored.
 */
function tell(listener: HandlerErrorListener, error: unknown, request: ServerRequest): void {
  try {
    const told: unknown = listener(error, request)
    if (told !== undefined && isPromise(told)) told.then(undefined, () => {})
  } catch {
    // A failing listener must not affect the connection or the process.
  }
}
