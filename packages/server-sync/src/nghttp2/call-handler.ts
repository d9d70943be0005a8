import {
  type HandlerErrorListener,
  promiseRefused,
  type ServerRequest,
  type ServerResponse,
} from '@h2lab/mini-http2'
import type { Nghttp2Options } from './options'

/** Gives a request to the application; what that throws ends this request only. */
export function callHandler(
  { handler, onHandlerError }: Nghttp2Options,
  request: ServerRequest,
  response: ServerResponse,
): void {
  try {
    const promise = handler(request, response)
    // Callers without types return anything.
    if (typeof promise?.then !== 'function') return
    // What it comes to is no longer of interest, nor may it end the process.
    promise.then(undefined, () => {})
    throw promiseRefused()
  } catch (error) {
    if (!response.ended) {
      if (response.headSent) response.reset('INTERNAL_ERROR')
      else response.send(500)
    }
    void tell(onHandlerError, error, request)
  }
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
