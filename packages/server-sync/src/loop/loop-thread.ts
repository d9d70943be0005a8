import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { ServerSetup } from '@h2lab/mini-http2/server'
import { unpackError } from './error-transfer'
import type { LoopData } from './loop-data'
import { deliver, type Report } from './reporter'
import { type ThreadFile, threadFile } from './thread-files'

/** What a thread is started with. */
export interface ThreadData {
  readonly loop: LoopData
  /** Which of the control's slots it serves; no use to a listener. */
  readonly slot: number
  /** Where its reports go. */
  readonly reports: MessagePort
}

/** Told of a thread, besides the listeners of its server's setup. */
export interface ThreadEvents {
  /** The listener needs a thread for a client in this slot. */
  readonly onThreadWanted?: (slot: number) => void
}

/**
 * A thread gets the options of Node that its process has. `--input-type` is about a program that was given
 * as text, and a thread that runs a file refuses it.
 */
const INHERITED = process.execArgv.some((option) => option.startsWith('--input-type'))
  ? { execArgv: [] }
  : {}

/** A worker thread that runs a loop of a server, seen from the thread that has started it. */
export class LoopThread {
  /** Resolves when it serves. Rejects with the reason if it can't. */
  readonly ready: Promise<void>
  /** Resolves when the thread is gone. Never rejects. */
  readonly ended: Promise<void>
  readonly #worker: Worker
  readonly #reports: MessagePort
  readonly #setup: ServerSetup<string>
  readonly #events: ThreadEvents
  #settle: { resolve(): void; reject(error: Error): void } | undefined

  constructor(
    file: ThreadFile,
    loop: LoopData,
    slot: number,
    setup: ServerSetup<string>,
    events: ThreadEvents = {},
  ) {
    this.#setup = setup
    this.#events = events
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve: () => resolve(), reject }
    })
    // Not everybody asks.
    this.ready.catch(() => {})
    const { port1, port2 } = new MessageChannel()
    this.#reports = port1
    const data: ThreadData = { loop, slot, reports: port2 }
    this.#worker = new Worker(threadFile(file), {
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
        this.takeReports()
        port1.close()
        this.#settle?.reject(new Error('The thread has ended before it served.'))
      },
    )
  }

  /** Takes the reports that wait, in a thread that has no time for its event loop. */
  takeReports(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#reports) as { message: Report } | undefined
      if (received === undefined) return
      this.#take(received.message)
    }
  }

  /** Ends a thread that doesn't listen, because a handler doesn't return. */
  terminate(): void {
    void this.#worker.terminate()
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
      case 'thread-wanted':
        this.#events.onThreadWanted?.(report.slot)
        break
      default:
        deliver(report, this.#setup)
    }
  }

  /** At the start it is for the caller, later for the server's listener. */
  #fail(error: Error): void {
    if (this.#settle === undefined) this.#setup.onConnectionError({ error, peer: 'unknown' })
    else this.#settle.reject(error)
    this.#settle = undefined
  }
}
