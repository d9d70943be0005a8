import type { ServerRequest } from '../../application/request'
import type { ServerResponse } from '../../application/response'
import { promiseRefused, RequestBodyError } from '../../errors'
import type { ConnectionCore } from '../connection-core'
import type { Stream } from '../streams/stream'

/** Gives a request to the application; what that throws ends this request only. Hot path. */
export function callHandler(core: ConnectionCore, stream: Stream): void {
  try {
    const promise = core.options.handler(stream.request, stream.response)
    // Callers without types return anything.
    if (typeof promise?.then !== 'function') return
    if (core.options.promises === 'refused') refusePromise(promise)
    promise.then(undefined, (error) => handlerFailed(core, stream, error))
  } catch (error) {
    handlerFailed(core, stream, error)
  }
}

/** What the promise comes to is no longer of interest, nor may it end the process. */
function refusePromise(promise: Promise<void>): never {
  promise.then(undefined, () => {})
  throw promiseRefused()
}

function handlerFailed(core: ConnectionCore, stream: Stream, error: unknown): void {
  answerFailure(stream.response, isBodyTooLarge(error) ? 413 : 500)
  void tell(core, error, stream.request)
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
async function tell(core: ConnectionCore, error: unknown, request: ServerRequest): Promise<void> {
  try {
    await core.options.onHandlerError(error, request)
  } catch {
    // The connection and the process have to go on.
  }
}
