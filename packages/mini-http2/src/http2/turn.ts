/**
 * Whether the connection's owner is in a call, after which it takes the output anyway. Outside of one it has to be
 * told of output: once for all that is sent in one turn of the event loop.
 */
export class Turn {
  readonly #onOutput: () => void
  #isUnderWay = false
  /** Whether the owner will be told. */
  #announced = false

  /** @param onOutput tells the owner */
  constructor(onOutput: () => void) {
    this.#onOutput = onOutput
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay
  }

  /** The owner calls. Goes before a `try` whose `finally` has {@link end}. */
  begin(): void {
    this.#isUnderWay = true
  }

  end(): void {
    this.#isUnderWay = false
  }

  /** There is output: tells the owner, unless it looks for some anyway. */
  announceOutput(): void {
    if (this.#isUnderWay || this.#announced) return
    this.#announced = true
    queueMicrotask(() => {
      this.#announced = false
      this.#onOutput()
    })
  }
}
