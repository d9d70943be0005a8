import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { type ErrorClasses, ErrorTransfer } from './error-transfer'
import { unpackRequest } from './request-transfer'
import type { ServerListeners } from './setup-transfer'
import type { ThreadReport, ThreadStart } from './thread-report'

/** Options of a {@link ServerThread}. */
export interface ServerThreadOptions<Data, Message = never> {
  /** The file to run, which calls `hostThread`: see `threadFile`. */
  readonly file: string
  /** The data to start with: plain data, and shared memory. */
  readonly data: Data
  /** The error classes that the package's threads throw; the same as passed to `hostThread`. */
  readonly transferableErrors?: ErrorClasses
  /**
   * Called for faults, errors of handlers, and an error that ends the thread after it was ready.
   */
  readonly listeners: ServerListeners
  /** Called with the messages of the thread. */
  readonly onMessage?: (message: Message) => void
  /**
   * Called once when the thread has ended or failed to start, before {@link ServerThread.ended}
   * resolves. Releases system resources that the thread couldn't release itself.
   */
  readonly onGone?: () => void
}

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
  #starting: { resolve(): void; reject(error: Error): void } | undefined

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
    try {
      this.#worker = start({ data: options.data, port: port2 }, options.file)
    } catch (error) {
      this.#fail(error as Error)
      this.ended = Promise.resolve().then(() => this.#end())
      return
    }
    this.#worker.on('error', (error) => this.#fail(error))
    const exit = new Promise<void>((resolve) => this.#worker?.once('exit', () => resolve()))
    this.ended = exit.then(() => {
      this.takeReports()
      this.#end()
    })
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

  /** Terminates a thread that doesn't respond because a handler doesn't return. */
  terminate(): void {
    void this.#worker?.terminate()
  }

  #take(report: ThreadReport<Message>): void {
    const { listeners, onMessage } = this.#options
    switch (report.kind) {
      case 'ready':
        this.#starting?.resolve()
        this.#starting = undefined
        break
      case 'failed':
        this.#fail(this.#errors.unpack(report.error))
        break
      case 'fault':
        listeners.onConnectionError({ error: this.#errors.unpack(report.error), peer: report.peer })
        break
      case 'handler-error': {
        const error = this.#errors.unpack(report.error)
        void listeners.onHandlerError(error, unpackRequest(report.request))
        break
      }
      case 'message':
        onMessage?.(report.message)
    }
  }

  /** Before the thread is ready, the error goes to the caller, then to the server's listener. */
  #fail(error: Error): void {
    if (this.#starting === undefined) {
      this.#options.listeners.onConnectionError({ error, peer: 'unknown' })
    } else {
      this.#starting.reject(error)
      this.#starting = undefined
    }
  }

  #end(): void {
    this.#port.close()
    this.#options.onGone?.()
    this.#starting?.reject(new Error('The thread ended before it was ready.'))
  }
}

/** @throws Node.js's error if the thread can't be started, or its data can't be cloned */
function start(workerData: ThreadStart<unknown>, file: string): Worker {
  return new Worker(file, { workerData, transferList: [workerData.port], ...INHERITED })
}
