import type { ServerRequest } from '../application/request'
import type { ServerResponse } from '../application/response'
import { FetchResponse, type KnownBody } from './fetch-response'
import { type ResponseField, withoutConnectionFields } from './response-fields'

/**
 * Answers a request with a WHATWG response.
 *
 * @returns a promise if the body is a stream. It resolves when everything was written, or the
 *   client has gone
 * @throws MisuseError if HTTP can't carry the response; also errors of the stream
 */
export function sendResponse(
  request: ServerRequest,
  response: ServerResponse,
  answer: Response,
): void | Promise<void> {
  const { status } = answer
  const known = FetchResponse.takeKnownBody(answer)
  const fields = withoutConnectionFields(FetchResponse.fieldsOf(answer))
  if (known !== undefined) return sendKnown(request, response, status, fields, known)
  const { body } = answer
  if (body === null) return sendKnown(request, response, status, fields, null)
  return sendStream(request, response, status, fields, body)
}

function sendKnown(
  request: ServerRequest,
  response: ServerResponse,
  status: number,
  fields: ResponseField[],
  body: KnownBody,
): void {
  if (body !== null) {
    response.send(status, fields, body)
  } else if (request.method !== 'HEAD') {
    response.send(status, fields)
  } else {
    // The length that the body would have for GET is unknown.
    response.writeHead(status, fields)
    response.end()
  }
}

async function sendStream(
  request: ServerRequest,
  response: ServerResponse,
  status: number,
  fields: ResponseField[],
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  const reader = body.getReader()
  // An error while cancelling the stream has no receiver.
  const cancel = () => void reader.cancel().catch(() => {})
  request.signal.addEventListener('abort', cancel, { once: true })
  try {
    response.writeHead(status, fields)
    if (request.method !== 'HEAD') await copyBody(reader, response)
    if (!response.ended) response.end()
  } catch (error) {
    // Errors after the client has gone are expected.
    if (!response.ended) throw error
  } finally {
    request.signal.removeEventListener('abort', cancel)
    // Has no effect on a stream that was read to its end.
    cancel()
  }
}

/** Copies a stream to the response, no faster than the client accepts it. */
async function copyBody(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  response: ServerResponse,
): Promise<void> {
  while (!response.ended) {
    const { done, value } = await reader.read()
    if (done) return
    if (!response.write(value)) await response.drained()
  }
}
