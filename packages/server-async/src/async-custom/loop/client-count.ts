/** The number of clients of a server, in memory shared by its threads. */
export class ClientCount {
  readonly #cell: Int32Array
  readonly #most: number

  /** @param memory 4 octets, initially zero */
  constructor(memory: SharedArrayBuffer, most: number) {
    this.#cell = new Int32Array(memory)
    this.#most = most
  }

  /** Counts a new client unless the limit is reached. Returns whether it was counted. */
  enter(): boolean {
    if (Atomics.add(this.#cell, 0, 1) < this.#most) return true
    this.leave()
    return false
  }

  leave(): void {
    Atomics.sub(this.#cell, 0, 1)
  }
}
