import { workerData } from 'node:worker_threads'
import { type ErrorClasses, ErrorTransfer } from './error-transfer'
import { packRequest } from './request-transfer'
import type { ServerListeners } from './setup-transfer'
import type { ThreadReport, ThreadStart } from './thread-report'

/** A thread that serves, seen from inside. */
export interface HostedThread<Data, Command, Message> {
  /** What it was started with. */
  readonly data: Data
  /** Those of a setup in this thread: they pass everything on to those of whoever has started it. */
  readonly listeners: ServerListeners
  /** Says that it serves now. */
  ready(): void
  /** Says that it can't serve, or not any more. It has to end by itself. */
  failed(error: unknown): void
  /** Says something that only its package understands. A message leaves a thread at once, also one that blocks. */
  tell(message: Message): void
  /** Gets what it is told, as long as its event loop runs. That doesn't keep it alive. */
  onCommand(listener: (command: Command) => void): void
}

/**
 * Says what this thread is, in one that a `ServerThread` runs.
 *
 * @param transferableErrors the same as the `ServerThread`'s
 */
export function hostThread<Data, Command = never, Message = never>(
  transferableErrors: ErrorClasses = {},
): HostedThread<Data, Command, Message> {
  const { data, port } = workerData as ThreadStart<Data>
  const errors = new ErrorTransfer(transferableErrors)
  const report = (what: ThreadReport<Message>) => port.postMessage(what)
  port.unref()
  return {
    data,
    listeners: {
      onConnectionError: ({ error, peer }) =>
        report({ kind: 'fault', error: errors.pack(error), peer }),
      onHandlerError: (error, request) =>
        report({ kind: 'handler-error', error: errors.pack(error), request: packRequest(request) }),
    },
    ready: () => report({ kind: 'ready' }),
    failed: (error) => report({ kind: 'failed', error: errors.pack(error) }),
    tell: (message) => report({ kind: 'message', message }),
    onCommand(listener) {
      port.on('message', listener)
      // Listening has made it keep the thread alive.
      port.unref()
    },
  }
}
