/** How many clients a server has, in memory that its threads share. */
export class ClientCount {
  readonly #cell: Int32Array
  readonly #most: number

  /** @param memory 4 octets, zero at the beginning */
  constructor(memory: SharedArrayBuffer, most: number) {
    this.#cell = new Int32Array(memory)
    this.#most = most
  }

  /** Counts a client in, unless there are as many as may be. Returns whether it was counted. */
  enter(): boolean {
    if (Atomics.add(this.#cell, 0, 1) < this.#most) return true
    this.leave()
    return false
  }

  leave(): void {
    Atomics.sub(this.#cell, 0, 1)
  }
}
