import type { LoadWorker } from '../load/load-worker'

/**
 * One worker for all servers that take turns. It is there while somebody uses it, so each repetition has a new one:
 * how V8 compiled the generator does not stay the same for a whole run.
 */
export class SharedWorker<Worker extends LoadWorker> {
  readonly #start: () => Promise<Worker>
  #worker: Promise<Worker> | undefined
  #users = 0

  constructor(start: () => Promise<Worker>) {
    this.#start = start
  }

  /** Starts it if nobody uses it. Each call needs a call of {@link release}, also if it fails. */
  acquire(): Promise<Worker> {
    this.#users++
    this.#worker ??= this.#start()
    return this.#worker
  }

  /** Ends it if nobody else uses it. */
  async release(): Promise<void> {
    if (--this.#users > 0) return
    const worker = this.#worker
    this.#worker = undefined
    await worker?.then(
      (one) => one.end(),
      () => {},
    )
  }
}
