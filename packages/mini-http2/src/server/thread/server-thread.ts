import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { type ErrorClasses, ErrorTransfer } from './error-transfer'
import { unpackRequest } from './request-transfer'
import type { ServerListeners } from './setup-transfer'
import type { ThreadReport, ThreadStart } from './thread-report'

/** What a {@link ServerThread} is made of. */
export interface ServerThreadOptions<Data, Message = never> {
  /** What it runs, which calls `hostThread`: see `threadFile`. */
  readonly file: string
  /** What it is started with: plain data, and shared memory. */
  readonly data: Data
  /** The classes of errors that the package's threads throw; the same ones as `hostThread` is given. */
  readonly transferableErrors?: ErrorClasses
  /** Told of faults and of what handlers throw, and of an error that ends the thread after it was ready. */
  readonly listeners: ServerListeners
  /** Told what the thread tells besides. */
  readonly onMessage?: (message: Message) => void
  /**
   * Called once when the thread is gone, or could not even be started, before {@link ServerThread.ended}
   * resolves: gives back what a thread holds of the system and couldn't give back itself.
   */
  readonly onGone?: () => void
}

/**
 * A thread inherits the process's options of Node, such as loaders that its application needs; but
 * `--input-type` is about a program given as text, and Node refuses to start a file with it.
 */
const INHERITED = process.execArgv.some((option) => option.startsWith('--input-type'))
  ? { execArgv: [] }
  : {}

/**
 * A worker thread that serves, seen from the thread that has started it. It keeps the process alive.
 *
 * @typeParam Data what it is started with
 * @typeParam Command what it can be told
 * @typeParam Message what it tells, besides what every thread tells
 */
export class ServerThread<Data, Command = never, Message = never> {
  /** Resolves when it serves. Rejects with the reason if it can't, or couldn't be started. */
  readonly ready: Promise<void>
  /** Resolves when the thread is gone. Never rejects. */
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
    // Not everybody asks; and of several threads one may fail first.
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

  /** Tells the thread something. */
  tell(command: Command): void {
    this.#port.postMessage(command)
  }

  /** Takes the reports that wait, in a thread that has no time for its event loop. */
  takeReports(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as
        | { readonly message: ThreadReport<Message> }
        | undefined
      if (received === undefined) return
      this.#take(received.message)
    }
  }

  /** Ends a thread that doesn't listen, because a handler doesn't return. */
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

  /** At the start it is for the caller, later for the server's listener. */
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
    this.#starting?.reject(new Error('The thread has ended before it served.'))
  }
}

/** @throws what Node says if the thread can't be started, or its data can't be sent */
function start(workerData: ThreadStart<unknown>, file: string): Worker {
  return new Worker(file, { workerData, transferList: [workerData.port], ...INHERITED })
}
