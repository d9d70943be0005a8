import { availableParallelism } from 'node:os'
import { releaseMemoryUse } from '@h2lab/mini-http2/protocol'
import type { ServerSetup } from '@h2lab/mini-http2/server'
import { closeDescriptor } from '@h2lab/tls-context/native'
import { ServerControl } from '../control/server-control'
import type { LoopData } from '../loop/loop-data'
import { type LoopThread, startLoopThread } from '../loop/loop-thread'
import { lostThread } from '../loop/lost-thread'

/** How many threads start at once. With more than there are processors, each takes longer and none is ready earlier. */
const MOST_STARTING = Math.max(2, availableParallelism())

/** The threads that serve clients, as seen by the thread that starts them. */
export class ClientThreads {
  readonly #data: LoopData
  readonly #setup: ServerSetup<string>
  readonly #control: ServerControl
  readonly #threads = new Set<LoopThread>()
  /** The slots of clients for which a thread has to start. */
  readonly #waiting: number[] = []
  #starting = 0

  constructor(data: LoopData, setup: ServerSetup<string>) {
    this.#data = data
    this.#setup = setup
    this.#control = new ServerControl(data)
  }

  /**
   * Starts the first thread, so that errors of the application show at once.
   *
   * @throws if the application or the certificate is not valid
   */
  async startFirst(): Promise<void> {
    this.#control.slots[0]!.reserve()
    await this.#start(0).ready
  }

  /** Starts a thread for the client of a slot, as soon as fewer others are starting. */
  startFor(slot: number): void {
    this.#waiting.push(slot)
    this.#startWaiting()
  }

  /** Resolves when no thread is left. None may be wanted after this call. */
  async ended(): Promise<void> {
    while (this.#threads.size > 0 || this.#waiting.length > 0) {
      this.#startWaiting()
      await Promise.all([...this.#threads].map((thread) => thread.ended))
    }
  }

  terminate(): void {
    for (const thread of this.#threads) thread.terminate()
  }

  #startWaiting(): void {
    while (this.#waiting.length > 0 && (this.#control.killed || this.#starting < MOST_STARTING)) {
      const slot = this.#waiting.shift()!
      if (this.#control.killed) this.#giveUp(slot)
      else void this.#startCounted(slot)
    }
  }

  async #startCounted(slot: number): Promise<void> {
    this.#starting += 1
    try {
      await this.#start(slot).ready
    } catch (error) {
      lostThread(this.#control, this.#control.slots[slot], this.#setup).onFailure(error as Error)
    }
    this.#starting -= 1
    this.#startWaiting()
  }

  #start(slot: number): LoopThread {
    let left = false
    const { onDied } = lostThread(this.#control, this.#control.slots[slot], this.#setup)
    const thread = startLoopThread('client-thread', this.#data, this.#setup, {
      slot,
      onDied,
      onMessage({ kind }) {
        if (kind === 'slot-left') left = true
      },
    })
    this.#threads.add(thread)
    void thread.ended.then(() => {
      this.#threads.delete(thread)
      releaseMemoryUse({ cells: this.#data.memoryUse, index: slot })
      // It failed to start, was terminated, or was ended by the application.
      if (!left) this.#giveUp(slot)
    })
    return thread
  }

  #giveUp(slot: number): void {
    const one = this.#control.slots[slot]!
    one.releaseClient(closeDescriptor)
    one.vacate()
  }
}
