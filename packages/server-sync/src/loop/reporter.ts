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
import { packError, type TransferredError, unpackError } from './error-transfer'

/** Told of each connection that ended by a fault. */
export type FaultListener = (fault: ConnectionFault) => void

/** Whom a loop tells what happens: the listeners of the setup, or those of another thread. */
export interface Reporter {
  readonly onFault: FaultListener
  readonly onHandlerError: HandlerErrorListener
}

/** What a thread tells the one that has started it. */
export type Report =
  /** It has loaded the application and serves. */
  | { readonly kind: 'ready' }
  /** It can't serve. */
  | { readonly kind: 'failed'; readonly error: TransferredError }
  | { readonly kind: 'fault'; readonly error: TransferredError; readonly peer: string }
  | {
      readonly kind: 'handler-error'
      readonly error: TransferredError
      readonly request: TransferredRequest
    }
  /** From the listener: a client waits in a slot that has no thread. */
  | { readonly kind: 'thread-wanted'; readonly slot: number }

/** What a listener can be told of a request in another thread. */
export interface TransferredRequest {
  readonly method: string
  readonly scheme: string
  readonly authority: string
  readonly path: string
  readonly protocol: string | undefined
  readonly fields: FieldList
}

/** For a loop in the thread of the setup's listeners. */
export function directReporter({
  onConnectionError,
  onHandlerError,
}: ServerSetup<string>): Reporter {
  return { onFault: onConnectionError, onHandlerError }
}

/** For a loop in another thread. A message leaves a thread at once, also one that blocks. */
export function portReporter(port: MessagePort): Reporter {
  const send = (report: Report) => port.postMessage(report)
  return {
    onFault: ({ error, peer }) => send({ kind: 'fault', error: packError(error), peer }),
    onHandlerError: (error, request) => {
      const { method, scheme, authority, path, protocol, headers } = request
      const fields = headers.raw
      send({
        kind: 'handler-error',
        error: packError(error),
        request: { method, scheme, authority, path, protocol, fields },
      })
    },
  }
}

/** Passes a fault or a handler's error on to the setup's listeners. */
export function deliver(report: Report, setup: ServerSetup<string>): void {
  if (report.kind === 'fault') {
    setup.onConnectionError({ error: unpackError(report.error), peer: report.peer })
  } else if (report.kind === 'handler-error') {
    void setup.onHandlerError(unpackError(report.error), unpackRequest(report.request))
  }
}

function unpackRequest({ fields, ...line }: TransferredRequest): ServerRequest {
  return {
    ...line,
    headers: new RequestHeaders(fields),
    body: LEFT_BEHIND,
    trailers: undefined,
    signal: new AbortController().signal,
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
