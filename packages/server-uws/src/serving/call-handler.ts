import {
  type Handler,
  type HandlerErrorListener,
  RequestBodyError,
  type ServerRequest,
  type ServerResponse,
} from '@h2lab/mini-http2'

/** Gives a request to the application; what that throws ends this request only. */
export function callHandler(
  handler: Handler,
  onHandlerError: HandlerErrorListener,
  request: ServerRequest,
  response: ServerResponse,
): void {
  const failed = (error: unknown) => {
    answerFailure(response, isBodyTooLarge(error) ? 413 : 500)
    void tell(onHandlerError, error, request)
  }
  try {
    const promise = handler(request, response)
    // Callers without types return anything.
    if (typeof promise?.then === 'function') promise.then(undefined, failed)
  } catch (error) {
    failed(error)
  }
}

/** The client's fault, which a handler needn't catch to have it answered as such. */
function isBodyTooLarge(error: unknown): boolean {
  return error instanceof RequestBodyError && error.code === 'BODY_TOO_LARGE'
}

function answerFailure(response: ServerResponse, status: number): void {
  if (response.ended) return
  if (response.headSent) response.reset('INTERNAL_ERROR')
  else response.send(status)
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
