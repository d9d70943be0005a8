import type { ServerSetup } from '@h2lab/mini-http2/server'
import { closeDescriptor } from '@h2lab/tls-context/native'
import { ServerControl } from '../control/server-control'
import type { LoopData } from '../loop/loop-data'
import { type LoopThread, startLoopThread } from '../loop/loop-thread'

/** The threads that serve clients, as seen by the thread that starts them. */
export class ClientThreads {
  readonly #data: LoopData
  readonly #setup: ServerSetup<string>
  readonly #control: ServerControl
  readonly #threads = new Set<LoopThread>()

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

  /** Starts a thread for the client of a slot. */
  startFor(slot: number): void {
    this.#start(slot).ready.catch((error: Error) => {
      // Errors after a kill are expected.
      if (!this.#control.killed) this.#setup.onConnectionError({ error, peer: 'unknown' })
    })
  }

  /** Resolves when no thread is left. None may be started after this call. */
  async ended(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.ended))
  }

  terminate(): void {
    for (const thread of this.#threads) thread.terminate()
  }

  /** Processes pending reports, in a thread that does not run its event loop. */
  takeReports(): void {
    for (const thread of this.#threads) thread.takeReports()
  }

  #start(slot: number): LoopThread {
    let left = false
    const thread = startLoopThread('client-thread', this.#data, slot, this.#setup, ({ kind }) => {
      if (kind === 'slot-left') left = true
    })
    this.#threads.add(thread)
    void thread.ended.then(() => {
      this.#threads.delete(thread)
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
