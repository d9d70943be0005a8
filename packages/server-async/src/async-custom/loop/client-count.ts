/**
 * The number of clients of a server, in memory shared by its threads. Each thread has its share, because one that dies
 * can't take leave of its clients.
 */
export class ClientCount {
  /** The number for the server, then the share of each thread. */
  readonly #cells: Int32Array
  readonly #share: number
  readonly #most: number

  /**
   * @param memory the result of {@link create}
   * @param thread the index of the thread whose clients are counted
   */
  constructor(memory: SharedArrayBuffer, thread: number, most: number) {
    this.#cells = new Int32Array(memory)
    this.#share = 1 + thread
    this.#most = most
  }

  /** Creates the memory for a number of threads. */
  static create(threads: number): SharedArrayBuffer {
    return new SharedArrayBuffer((1 + threads) * Int32Array.BYTES_PER_ELEMENT)
  }

  /** Counts a new client unless the limit is reached. Returns whether it was counted. */
  enter(): boolean {
    if (Atomics.add(this.#cells, 0, 1) >= this.#most) {
      Atomics.sub(this.#cells, 0, 1)
      return false
    }
    Atomics.add(this.#cells, this.#share, 1)
    return true
  }

  leave(): void {
    Atomics.sub(this.#cells, this.#share, 1)
    Atomics.sub(this.#cells, 0, 1)
  }

  /** All clients of the thread leave. For another thread, when this one has ended. */
  leaveAll(): void {
    Atomics.sub(this.#cells, 0, Atomics.exchange(this.#cells, this.#share, 0))
  }
}
