/** Who is told of output that it does not expect. */
export interface OutputListener {
  onOutputReady?: (() => void) | undefined
}

/**
 * Whether the owner of a connection is in a call, after which it takes the output anyway. Outside of one it has to be
 * told of output: once for all that is sent in one turn of the event loop.
 */
export class OwnerCall {
  readonly #listener: OutputListener
  #isUnderWay = false
  /** Whether the owner will be told. */
  #announced = false

  constructor(listener: OutputListener) {
    this.#listener = listener
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay
  }

  /** The owner calls. What follows stands in a `try`, and its `finally` calls {@link end}. */
  begin(): void {
    this.#isUnderWay = true
  }

  end(): void {
    this.#isUnderWay = false
  }

  /** There is output: tells the owner, unless it looks for some anyway. A blocking loop never does anything else. */
  announceOutput(): void {
    if (this.#isUnderWay || this.#announced || this.#listener.onOutputReady === undefined) return
    this.#announced = true
    queueMicrotask(() => {
      this.#announced = false
      this.#listener.onOutputReady?.()
    })
  }
}
