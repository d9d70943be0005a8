import { type MessagePort, workerData } from 'node:worker_threads'
import { type ErrorClasses, ErrorTransfer } from './error-transfer'
import { packRequest } from './request-transfer'
import type { ServerListeners } from './setup-transfer'
import type { ThreadReport, ThreadStart } from './thread-report'
import { ThreadState } from './thread-state'

/** A server thread, from its own point of view. */
export interface HostedThread<Data, Command, Message> {
  /** The data it was started with. */
  readonly data: Data
  /** The listeners for a setup in this thread. They forward everything to the parent thread's. */
  readonly listeners: ServerListeners
  /**
   * Keeps account of the calls of the application, so that the thread is terminated only inside of
   * one. A thread that doesn't use it may be terminated anywhere after it is ready.
   */
  applicationCalls(): ApplicationCalls
  /** Reports that the thread serves. Only from then on it may be terminated. */
  ready(): void
  /** Reports that the thread has a client. Only the first call has an effect. */
  serving(): void
  /** Reports that the thread can't serve, or can't continue. The caller must end the thread. */
  failed(error: unknown): void
  /** Reports that the thread ends as it should. The caller must end the thread. */
  leaving(): void
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

/** Told whenever a thread calls the application, and when that has returned. */
export interface ApplicationCalls {
  enter(): void
  leave(): void
}

/**
 * How many faults and handler errors may wait until the parent thread takes them. Clients can cause
 * them faster than it does, and each takes some kilobytes.
 */
const MOST_REPORTS = 1000
/** When so few wait, no more are left out. Half of the above, so that their number is seldom reported. */
const ENOUGH_TAKEN = 500

/**
 * Returns the interface of the current thread, which must be run by a `ServerThread`.
 *
 * @param transferableErrors the same as the `ServerThread`'s
 */
export function hostThread<Data, Command = never, Message = never>(
  transferableErrors: ErrorClasses = {},
): HostedThread<Data, Command, Message> {
  const { data, port, state: memory } = workerData as ThreadStart<Data>
  const errors = new ErrorTransfer(transferableErrors)
  const state = new ThreadState(memory)
  const report = (what: ThreadReport<Message>) => port.postMessage(what)
  const reports = new BoundedReports(port, state)
  let isServing = false
  port.unref()
  process.once('exit', () => {
    if (state.phase === 'starting') state.setPhase('gone')
  })
  return {
    data,
    listeners: {
      onConnectionError: ({ error, peer }) =>
        reports.post(() => ({ kind: 'fault', error: errors.pack(error), peer })),
      onHandlerError: (error, request) =>
        reports.post(() => ({
          kind: 'handler-error',
          error: errors.pack(error),
          request: packRequest(request),
        })),
    },
    applicationCalls() {
      state.keepAccount()
      return { enter: () => state.enterApplication(), leave: () => state.leaveApplication() }
    },
    ready() {
      report({ kind: 'ready' })
      state.setPhase('ready')
    },
    serving() {
      if (isServing) return
      isServing = true
      report({ kind: 'serving' })
    },
    failed: (error) => report({ kind: 'failed', error: errors.pack(error) }),
    leaving() {
      reports.end()
      state.setPhase('leaving')
    },
    tell: (message) => report({ kind: 'message', message }),
    onCommand(listener) {
      port.on('message', listener)
      // The listener has made the port keep the thread alive.
      port.unref()
    },
  }
}

/** Posts reports, of which only so many may wait. */
class BoundedReports {
  readonly #port: MessagePort
  readonly #state: ThreadState
  #leftOut = 0

  constructor(port: MessagePort, state: ThreadState) {
    this.#port = port
    this.#state = state
  }

  /** @param report makes the report, unless too many wait */
  post(report: () => ThreadReport<never>): void {
    const most = this.#leftOut === 0 ? MOST_REPORTS : ENOUGH_TAKEN
    if (this.#state.waitingReports >= most) {
      this.#leftOut += 1
      return
    }
    this.end()
    this.#state.addReport()
    this.#port.postMessage(report())
  }

  /** Says how many were left out. */
  end(): void {
    if (this.#leftOut === 0) return
    this.#port.postMessage({ kind: 'left-out', count: this.#leftOut })
    this.#leftOut = 0
  }
}
