import type { LoadWorker } from '../load/load-worker'

/**
 * A worker shared by all servers that take turns. It exists while it is used, so each repetition has a new one, and
 * V8's compilation of the generator varies between them.
 */
export class SharedWorker<Worker extends LoadWorker> {
  readonly #start: () => Promise<Worker>
  #worker: Promise<Worker> | undefined
  #users = 0

  constructor(start: () => Promise<Worker>) {
    this.#start = start
  }

  /** Starts the worker if it is not in use. Each call needs a call of {@link release}, even if it fails. */
  acquire(): Promise<Worker> {
    this.#users++
    this.#worker ??= this.#start()
    return this.#worker
  }

  /** Ends the worker if it is not in use any more. */
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
