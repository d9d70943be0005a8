import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { ServerSetup } from '@h2lab/mini-http2/server'
import { unpackError } from './error-transfer'
import { deliver, type Report } from './reports'
import type { Command, SharedData, ThreadData } from './thread-data'
import { ThreadDescriptors } from './thread-descriptors'
import { threadFile } from './thread-file'

/**
 * A thread inherits the process's options of Node, such as loaders that its application needs; but
 * `--input-type` is about a program given as text, and Node refuses to start a file with it.
 */
const INHERITED = process.execArgv.some((option) => option.startsWith('--input-type'))
  ? { execArgv: [] }
  : {}

/** A worker thread that runs a loop, seen from the thread that has started it. */
export class LoopThread {
  /** Resolves when it serves. Rejects with the reason if it can't. */
  readonly ready: Promise<void>
  /** Resolves when the thread and its descriptors are gone. Never rejects. */
  readonly ended: Promise<void>
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #setup: ServerSetup
  #settle: { resolve(): void; reject(error: Error): void } | undefined

  /** @param listener the descriptor of its socket, which it closes whatever happens */
  constructor(shared: SharedData, listener: number, setup: ServerSetup) {
    this.#setup = setup
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Of several threads one may fail first.
    this.ready.catch(() => {})
    const { port1, port2 } = new MessageChannel()
    const memory = ThreadDescriptors.create()
    const descriptors = new ThreadDescriptors(memory)
    descriptors.add(listener)
    const data: ThreadData = { ...shared, listener, descriptors: memory, port: port2 }
    this.#port = port1
    this.#worker = new Worker(threadFile(), {
      workerData: data,
      transferList: [port2],
      ...INHERITED,
    })
    port1.on('message', (report: Report) => this.#take(report))
    // The thread keeps the process alive, as long as it serves.
    port1.unref()
    this.#worker.on('error', (error) => this.#fail(error))
    this.ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve())).then(
      () => {
        this.#takeLastReports()
        descriptors.closeAll()
        port1.close()
        this.#fail(new Error('The thread has ended before it served.'), 'if-starting')
      },
    )
  }

  tell(command: Command): void {
    this.#port.postMessage(command)
  }

  /** Ends a thread that doesn't listen, because a handler doesn't return. */
  terminate(): void {
    void this.#worker.terminate()
  }

  #takeLastReports(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { message: Report } | undefined
      if (received === undefined) return
      this.#take(received.message)
    }
  }

  #take(report: Report): void {
    switch (report.kind) {
      case 'ready':
        this.#settle?.resolve()
        this.#settle = undefined
        break
      case 'failed':
        this.#fail(unpackError(report.error))
        break
      default:
        deliver(report, this.#setup)
    }
  }

  /** At the start it is for the caller, later for the server's listener. */
  #fail(error: Error, when: 'always' | 'if-starting' = 'always'): void {
    const settle = this.#settle
    this.#settle = undefined
    if (settle !== undefined) settle.reject(error)
    else if (when === 'always') this.#setup.onConnectionError({ error, peer: 'unknown' })
  }
}
