import { promiseRefused, RequestBodyError } from '../errors'
import type { Handler, HandlerErrorListener } from './handler'
import type { ServerRequest } from './request'
import type { ServerResponse } from './response'

/** A handler, and who is told of what it throws. */
export interface HandlerOptions {
  readonly handler: Handler
  readonly onHandlerError: HandlerErrorListener
}

/**
 * Gives a request to the application; what that throws ends this request only: with status 500, 413 for a
 * body that was too large, or INTERNAL_ERROR if the head is out already. Never throws. Hot path: nothing
 * is made unless there is a promise or an error.
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
    const promise = options.handler(request, response)
    // Callers without types return anything.
    if (typeof promise?.then !== 'function') return
    if (promises === 'refused') refusePromise(promise)
    awaitPromise(promise, options, request, response)
  } catch (error) {
    handlerFailed(options, request, response, error)
  }
}

/** What the promise comes to is no longer of interest, nor may it end the process. */
function refusePromise(promise: Promise<void>): never {
  promise.then(undefined, () => {})
  throw promiseRefused()
}

function awaitPromise(
  promise: Promise<void>,
  options: HandlerOptions,
  request: ServerRequest,
  response: ServerResponse,
): void {
  promise.then(undefined, (error) => handlerFailed(options, request, response, error))
}

function handlerFailed(
  { onHandlerError }: HandlerOptions,
  request: ServerRequest,
  response: ServerResponse,
  error: unknown,
): void {
  answerFailure(response, isBodyTooLarge(error) ? 413 : 500)
  void tell(onHandlerError, error, request)
}

/** The client's fault, which a handler needn't catch to have it answered as such. */
function isBodyTooLarge(error: unknown): boolean {
  return error instanceof RequestBodyError && error.code === 'BODY_TOO_LARGE'
}

function answerFailure(response: ServerResponse, status: number): void {
  if (response.ended) return
  try {
    if (!response.headSent) {
      response.send(status)
      return
    }
  } catch {
    // Not even this is short enough for what the client says of header lists.
  }
  response.reset('INTERNAL_ERROR')
}

/** A listener may be asynchronous; if it fails as well, nobody is left to tell. */
async function tell(
  listener: HandlerErrorListener,
  error: unknown,
  request: ServerRequest,
): Promise<void> {
  try {
    await listener(error, request)
  } catch {
    // The connection and the process have to go on.
  }
}
