import type { MessagePort } from 'node:worker_threads'
import {
  type FieldList,
  type HandlerErrorListener,
  type RequestBody,
  RequestBodyError,
  RequestHeaders,
  type ServerRequest,
} from '@h2lab/mini-http2'
import type { ConnectionFault, ServerSetup } from '@h2lab/mini-http2/server'
import { type PackedError, packError, unpackError } from './error-transfer'

/** What a thread tells the one that has started it. */
export type Report =
  /** It has loaded the application and serves. */
  | { readonly kind: 'ready' }
  /** It can't serve. */
  | { readonly kind: 'failed'; readonly error: PackedError }
  | { readonly kind: 'fault'; readonly error: PackedError; readonly peer: string }
  | {
      readonly kind: 'handler-error'
      readonly error: PackedError
      readonly request: Omit<ServerRequest, 'headers' | 'body' | 'trailers' | 'signal'> & {
        readonly fields: FieldList
      }
    }

/** The listeners of a loop in a thread: they pass everything on. */
export function reportingListeners(port: MessagePort): {
  onConnectionError(fault: ConnectionFault): void
  onHandlerError: HandlerErrorListener
} {
  const send = (report: Report) => port.postMessage(report)
  return {
    onConnectionError: ({ error, peer }) => send({ kind: 'fault', error: packError(error), peer }),
    onHandlerError(error, { method, scheme, authority, path, protocol, headers }) {
      const request = { method, scheme, authority, path, protocol, fields: headers.raw }
      send({ kind: 'handler-error', error: packError(error), request })
    },
  }
}

/** Passes a report of a fault or a handler's error to the listeners of the setup. */
export function deliver(report: Report, setup: ServerSetup): void {
  if (report.kind === 'fault') {
    setup.onConnectionError({ error: unpackError(report.error), peer: report.peer })
  } else if (report.kind === 'handler-error') {
    const { fields, ...line } = report.request
    const request: ServerRequest = {
      ...line,
      headers: new RequestHeaders(fields),
      body: LEFT_BEHIND,
      trailers: undefined,
      signal: new AbortController().signal,
    }
    void setup.onHandlerError(unpackError(report.error), request)
  }
}

/** The body is in the thread that serves. */
const LEFT_BEHIND: RequestBody = {
  [Symbol.asyncIterator]: () => ({ next: leftBehind }),
  octets: leftBehind,
  text: leftBehind,
  json: leftBehind,
}

function leftBehind(): Promise<never> {
  return Promise.reject(
    new RequestBodyError('BODY_USED', 'A request of another thread comes without its body.'),
  )
}
