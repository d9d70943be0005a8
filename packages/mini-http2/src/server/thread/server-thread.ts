import {
  MessageChannel,
  type MessagePort,
  type ResourceLimits,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads'
import { ReportsLeftOutError, ThreadDiedError } from '../failures'
import { type ErrorClasses, ErrorTransfer } from './error-transfer'
import { onProcessExit } from './process-exit'
import { unpackRequest } from './request-transfer'
import type { ServerListeners } from './setup-transfer'
import { Termination } from './termination'
import type { ThreadReport, ThreadStart } from './thread-report'
import { ThreadState } from './thread-state'

/** Options of a {@link ServerThread}. */
export interface ServerThreadOptions<Data, Message = never> {
  /** The file to run, which calls `hostThread`: see `threadFile`. */
  readonly file: string
  /** The data to start with: plain data, and shared memory. */
  readonly data: Data
  /** The error classes that the package's threads throw; the same as passed to `hostThread`. */
  readonly transferableErrors?: ErrorClasses
  /** The limits of the thread's heap. Default: those of Node.js. */
  readonly resourceLimits?: ResourceLimits
  /**
   * Called for faults, errors of handlers, and, without `onDied`, an error that ends the thread
   * after it was ready.
   */
  readonly listeners: ServerListeners
  /** Called with the messages of the thread. */
  readonly onMessage?: (message: Message) => void
  /**
   * Called if the thread was ready and has ended, although it was not terminated and has not called
   * `leaving`.
   */
  readonly onDied?: (error: ThreadDiedError) => void
  /**
   * Called once when the thread has ended or failed to start, before {@link ServerThread.ended}
   * resolves. Releases system resources that the thread couldn't release itself.
   */
  readonly onGone?: () => void
}

/** How long a process that exits waits for a thread to load, in milliseconds. */
const LOADING_TIME = 5000

/**
 * Threads inherit the Node.js options of the process, such as loaders that the application needs.
 * But `--input-type` only applies to a program given as text, and Node.js doesn't start a file with
 * it.
 */
const INHERITED = process.execArgv.some((option) => option.startsWith('--input-type'))
  ? { execArgv: [] }
  : {}

/**
 * A worker thread that serves, seen from its parent thread. It keeps the process alive.
 *
 * @typeParam Data the data it is started with
 * @typeParam Command the commands it accepts
 * @typeParam Message its messages, besides those of every thread
 */
export class ServerThread<Data, Command = never, Message = never> {
  /** Resolves when the thread serves. Rejects if it fails to start. */
  readonly ready: Promise<void>
  /** Resolves when the thread has ended. Never rejects. */
  readonly ended: Promise<void>
  readonly #options: ServerThreadOptions<Data, Message>
  readonly #errors: ErrorTransfer
  readonly #port: MessagePort
  readonly #worker: Worker | undefined
  readonly #state: ThreadState
  readonly #termination: Termination
  readonly #forgetExit: () => void
  #starting: { resolve(): void; reject(error: Error): void } | undefined
  #hasServed = false
  /** The error that ends the thread. */
  #fatal: Error | undefined

  /** Never throws. */
  constructor(options: ServerThreadOptions<Data, Message>) {
    this.#options = options
    this.#errors = new ErrorTransfer(options.transferableErrors)
    this.ready = new Promise((resolve, reject) => {
      this.#starting = { resolve, reject }
    })
    // Not every caller uses it, and one of several threads may fail first.
    this.ready.catch(() => {})
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.on('message', (report: ThreadReport<Message>) => this.#take(report))
    port1.unref()
    const state = ThreadState.create()
    this.#state = new ThreadState(state)
    this.#termination = new Termination(this.#state, () => void this.#worker?.terminate())
    this.#forgetExit = onProcessExit('await', () => this.#state.awaitStart(LOADING_TIME))
    try {
      this.#worker = start({ data: options.data, port: port2, state }, options)
    } catch (error) {
      this.#fail(error as Error)
      this.ended = Promise.resolve().then(() => this.#end())
      return
    }
    this.#worker.on('error', (error) => this.#fail(error))
    const exit = new Promise<number>((resolve) => this.#worker?.once('exit', resolve))
    this.ended = exit.then((code) => {
      this.takeReports()
      this.#end(code)
    })
  }

  /** Whether the thread has got a client. */
  get hasServed(): boolean {
    return this.#hasServed
  }

  /** Sends a command to the thread. */
  tell(command: Command): void {
    this.#port.postMessage(command)
  }

  /** Processes pending reports, for a thread that doesn't run its event loop. */
  takeReports(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as
        | { readonly message: ThreadReport<Message> }
        | undefined
      if (received === undefined) return
      this.#take(received.message)
    }
  }

  /**
   * Terminates a thread that doesn't respond because a handler doesn't return. One that still loads
   * gets the time to do so: the process would abort if it loads a native addon.
   */
  terminate(): void {
    this.#termination.begin()
  }

  #take(report: ThreadReport<Message>): void {
    const { listeners, onMessage } = this.#options
    switch (report.kind) {
      case 'ready':
        this.#starting?.resolve()
        this.#starting = undefined
        break
      case 'serving':
        this.#hasServed = true
        break
      case 'failed':
        this.#fail(this.#errors.unpack(report.error))
        break
      case 'fault':
        this.#state.takeReport()
        listeners.onConnectionError({ error: this.#errors.unpack(report.error), peer: report.peer })
        break
      case 'handler-error': {
        this.#state.takeReport()
        const error = this.#errors.unpack(report.error)
        void listeners.onHandlerError(error, unpackRequest(report.request))
        break
      }
      case 'left-out': {
        const error = new ReportsLeftOutError(report.count)
        listeners.onConnectionError({ error, peer: 'unknown' })
        break
      }
      case 'message':
        onMessage?.(report.message)
    }
  }

  /** Before the thread is ready, the error goes to the caller, then to the server's listener. */
  #fail(error: Error): void {
    if (this.#starting !== undefined) {
      this.#starting.reject(error)
      this.#starting = undefined
      return
    }
    this.#fatal ??= error
    const { onDied, listeners } = this.#options
    if (onDied === undefined) listeners.onConnectionError({ error, peer: 'unknown' })
  }

  /** @param code the exit code of a thread that was started */
  #end(code?: number): void {
    this.#forgetExit()
    this.#termination.end()
    this.#port.close()
    if (this.#hasDied(code)) {
      this.#options.onDied?.(new ThreadDiedError(this.#fatal ?? `process.exit(${code}) was called`))
    }
    this.#options.onGone?.()
    this.#starting?.reject(new Error('The thread ended before it was ready.'))
  }

  #hasDied(code: number | undefined): boolean {
    if (code === undefined || this.#termination.isDone) return false
    if (this.#fatal !== undefined) return true
    return this.#state.phase === 'ready'
  }
}

/** @throws Node.js's error if the thread can't be started, or its data can't be cloned */
function start(
  workerData: ThreadStart<unknown>,
  { file, resourceLimits }: Pick<ServerThreadOptions<unknown>, 'file' | 'resourceLimits'>,
): Worker {
  return new Worker(file, {
    workerData,
    transferList: [workerData.port],
    ...(resourceLimits && { resourceLimits }),
    ...INHERITED,
  })
}
