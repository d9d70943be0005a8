import { workerData } from 'node:worker_threads'
import { type ErrorClasses, ErrorTransfer } from './error-transfer'
import { packRequest } from './request-transfer'
import type { ServerListeners } from './setup-transfer'
import type { ThreadReport, ThreadStart } from './thread-report'

/** A server thread, from its own point of view. */
export interface HostedThread<Data, Command, Message> {
  /** The data it was started with. */
  readonly data: Data
  /** The listeners for a setup in this thread. They forward everything to the parent thread's. */
  readonly listeners: ServerListeners
  /** Reports that the thread serves. */
  ready(): void
  /** Reports that the thread can't serve, or can't continue. The caller must end the thread. */
  failed(error: unknown): void
  /**
   * Sends a message of the package to the parent thread. It is sent immediately, even by a blocking
   * thread.
   */
  tell(message: Message): void
  /**
   * Sets the listener for commands, which is called while the event loop runs. It doesn't keep the
   * thread alive.
   */
  onCommand(listener: (command: Command) => void): void
}

/**
 * Returns the interface of the current thread, which must be run by a `ServerThread`.
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
      // The listener has made the port keep the thread alive.
      port.unref()
    },
  }
}
