import {
  promiseRefused,
  RequestBodyError,
  type RequestBodyErrorCode,
  responseReturned,
} from '../errors'
import type { Handler, HandlerErrorListener } from './handler'
import type { ServerRequest } from './request'
import type { ServerResponse } from './response'

/** A handler, and who is told of what it throws. */
export interface HandlerOptions {
  readonly handler: Handler
  readonly onHandlerError: HandlerErrorListener
}

/**
 * Calls the handler with a request. What the handler throws ends this request only: with status 500 (413 for a
 * body that is too large, 400 for one that isn't JSON), or with INTERNAL_ERROR if the head is out already.
 * A handler that returns a WHATWG `Response` instead of answering fails with a MisuseError `RESPONSE_RETURNED`.
 * Never throws. Nothing is allocated unless the handler returns or throws something.
 *
 * @param promises `refused` where the loop blocks and so never comes to settle one: a handler that returns
 *   a promise is one that throws a MisuseError `PROMISE_REFUSED` then
 */
export function callHandler(
  options: HandlerOptions,
  promises: 'awaited' | 'refused',
  request: ServerRequest,
  response: ServerResponse,
): void {
  try {
    const returned: unknown = options.handler(request, response)
    if (returned === undefined) return
    if (!isPromise(returned)) {
      checkResult(returned, options, request, response)
      return
    }
    if (promises === 'refused') refusePromise(returned)
    awaitPromise(returned, options, request, response)
  } catch (error) {
    handlerFailed(options, request, response, error)
  }
}

function isPromise(returned: unknown): returned is Promise<unknown> {
  return typeof (returned as Partial<Promise<unknown>> | null)?.then === 'function'
}

/** What the promise comes to is no longer of interest, nor may it end the process. */
function refusePromise(promise: Promise<unknown>): never {
  promise.then(undefined, () => {})
  throw promiseRefused()
}

function awaitPromise(
  promise: Promise<unknown>,
  options: HandlerOptions,
  request: ServerRequest,
  response: ServerResponse,
): void {
  promise.then(
    (result) => {
      if (result !== undefined) checkResult(result, options, request, response)
    },
    (error: unknown) => handlerFailed(options, request, response, error),
  )
}

/**
 * A fetch handler without `toHandler` returns a `Response`, which nobody would send. Handlers without types may
 * return anything else, such as the response of an HTTP client. Told by its class string: the global class may have
 * been replaced, and loading it takes time.
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

/** The client's faults, which a handler need not catch to have them answered as such. */
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
    // A response of another protocol may refuse even that.
  }
  response.reset('INTERNAL_ERROR')
}

/**
 * Synchronous: in a loop that blocks, promises never settle, and each that is made stays in memory. A listener may
 * be asynchronous nevertheless; if it fails as well, nobody is left to tell.
 */
function tell(listener: HandlerErrorListener, error: unknown, request: ServerRequest): void {
  try {
    const told: unknown = listener(error, request)
    if (told !== undefined && isPromise(told)) told.then(undefined, () => {})
  } catch {
    // The connection and the process have to go on.
  }
}
