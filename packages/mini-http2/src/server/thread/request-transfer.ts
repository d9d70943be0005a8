import type { RequestBody, ServerRequest } from '../../application/request'
import { RequestHeaders } from '../../application/request-headers'
import { RequestBodyError } from '../../errors'
import type { FieldList } from '../../message/fields'

/**
 * A request as plain data, for a listener in another thread: the request line and header fields.
 */
export interface TransferredRequest
  extends Omit<ServerRequest, 'headers' | 'body' | 'trailers' | 'signal'> {
  readonly fields: FieldList
  /** Whether the client had cancelled the request. */
  readonly aborted: boolean
}

export function packRequest({
  method,
  scheme,
  authority,
  path,
  protocol,
  headers,
  signal,
}: ServerRequest): TransferredRequest {
  const { aborted } = signal
  return { method, scheme, authority, path, protocol, fields: headers.raw, aborted }
}

/**
 * Converts plain data back to a request. Its body stays in the thread that serves: reading it
 * rejects.
 */
export function unpackRequest({ fields, aborted, ...line }: TransferredRequest): ServerRequest {
  return {
    ...line,
    headers: new RequestHeaders(fields),
    body: LEFT_BEHIND,
    trailers: undefined,
    signal: aborted ? AbortSignal.abort() : new AbortController().signal,
  }
}

const LEFT_BEHIND: RequestBody = {
  [Symbol.asyncIterator]: () => ({ next: leftBehind }),
  octets: leftBehind,
  bytes: leftBehind,
  text: leftBehind,
  json: leftBehind,
}

function leftBehind(): Promise<never> {
  return Promise.reject(
    new RequestBodyError(
      'BODY_USED',
      'The body of a request from another thread is not available.',
    ),
  )
}
