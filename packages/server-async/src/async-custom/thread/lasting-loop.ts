import { releaseMemoryUse } from '@h2lab/mini-http2/protocol'
import type { ServerFailedError } from '@h2lab/mini-http2/server'
import {
  LastingThread,
  type ServerListeners,
  ServerThread,
  threadFile,
} from '@h2lab/mini-http2/server/thread'
import { NATIVE_ERRORS, TlsObjects } from '@h2lab/tls-context/native'
import { ClientCount } from '../loop/client-count'
import type { Command, SharedData, ThreadData } from './thread-data'
import { MOST_DESCRIPTORS, ThreadDescriptors } from './thread-descriptors'

/** The build entry that runs in a loop's thread. */
const ENTRY = 'async-custom-thread'

/** A worker thread that runs a loop, as seen by the thread that started it. */
type LoopThread = ServerThread<ThreadData, Command>

/** The options of a {@link LastingLoop}. */
export interface LastingLoopOptions {
  readonly shared: SharedData
  /** Which of the server's loops it is, from 0 on. */
  readonly index: number
  /** The descriptor of its listening socket, which is closed when the loop has ended, even after a failure. */
  readonly listener: number
  readonly listeners: ServerListeners
}

/**
 * A loop of a server. It runs in a thread, which is replaced when it dies. The listening socket outlives the thread, so
 * that new clients wait for the next one. The clients of the thread are lost.
 */
export class LastingLoop {
  /** Resolves when the loop serves. Rejects if it fails to start. */
  readonly ready: Promise<void>
  /** Resolves when the loop has ended and nothing of it is left. Never rejects. */
  readonly ended: Promise<void>
  readonly #options: LastingLoopOptions
  readonly #descriptors = ThreadDescriptors.create()
  readonly #open = new ThreadDescriptors(this.#descriptors)
  readonly #lasting: LastingThread
  #state: 'serving' | 'draining' | 'killed' = 'serving'
  #thread: LoopThread | undefined

  /** Starts the thread. Never throws: see {@link ready}. */
  constructor(options: LastingLoopOptions) {
    this.#options = options
    this.#open.add(options.listener)
    this.#lasting = new LastingThread({
      start: () => this.#start(),
      isEnding: () => this.#state !== 'serving',
      onFailure: (error) => this.#report(error),
    })
    this.ready = this.#lasting.ready
    this.ended = this.#lasting.ended.then(() => this.#open.closeAll())
  }

  /** Why the loop has ended by itself. */
  get failure(): ServerFailedError | undefined {
    return this.#lasting.failure
  }

  tell(command: Command): void {
    if (this.#state !== 'killed') this.#state = command === 'kill' ? 'killed' : 'draining'
    this.#thread?.tell(command)
  }

  terminate(): void {
    this.#lasting.terminate()
  }

  #start(): LoopThread {
    const { shared, index, listener, listeners } = this.#options
    const { maxClients } = shared.setup.options
    // One for the context and one per client. There can't be more clients than descriptors.
    const tlsObjects = TlsObjects.create(1 + Math.min(maxClients, MOST_DESCRIPTORS))
    this.#thread = new ServerThread({
      file: threadFile(import.meta.url, ENTRY),
      data: { ...shared, index, listener, descriptors: this.#descriptors, tlsObjects },
      transferableErrors: NATIVE_ERRORS,
      listeners,
      onDied: (error) => this.#report(error),
      onGone: () => {
        this.#open.closeAll(this.#state === 'serving' ? listener : undefined)
        new TlsObjects(tlsObjects).freeAll()
        new ClientCount(shared.clientCount, index, maxClients).leaveAll()
        releaseMemoryUse({ cells: shared.memoryUse, index })
      },
    })
    return this.#thread
  }

  #report(error: Error): void {
    if (this.#state === 'killed') return
    this.#options.listeners.onConnectionError({ error, peer: 'unknown' })
  }
}
