/** Notified of output that appears outside the owner's calls. */
export interface OutputListener {
  onOutputReady?: (() => void) | undefined
}

/**
 * Whether the owner of a connection is inside a call, after which it takes the output anyway.
 * Outside of one, it is notified of output once per turn of the event loop.
 */
export class OwnerCall {
  readonly #listener: OutputListener
  #isUnderWay = false
  /** Whether a notification is scheduled. */
  #announced = false

  constructor(listener: OutputListener) {
    this.#listener = listener
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay
  }

  /**
   * The owner's call begins. The rest of the call is in a `try` whose `finally` calls {@link end}.
   */
  begin(): void {
    this.#isUnderWay = true
  }

  end(): void {
    this.#isUnderWay = false
  }

  /**
   * There is output: notifies the owner, unless a call is in progress. Blocking loops only send
   * during calls.
   */
  announceOutput(): void {
    if (this.#isUnderWay || this.#announced || this.#listener.onOutputReady === undefined) return
    this.#announced = true
    queueMicrotask(() => {
      this.#announced = false
      this.#listener.onOutputReady?.()
    })
  }
}
