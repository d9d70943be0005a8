/**
 * How long after the last response the library may take to hand what it still holds of it to the
 * socket, in milliseconds. That is some octets at most, which it writes at once to a client that reads.
 */
const FLUSH_TIME = 50

/** The requests of one server that wait for their response, or whose response waits for its client. */
export class OpenRequests {
  #count = 0
  #onNone: (() => void) | undefined

  /** Whether no more requests are wanted: clients are asked to close their connections. */
  get draining(): boolean {
    return this.#onNone !== undefined
  }

  begin(): void {
    this.#count += 1
  }

  end(): void {
    this.#count -= 1
    if (this.#count === 0 && this.#onNone !== undefined) setTimeout(this.#onNone, FLUSH_TIME)
  }

  /** Calls back once none is open. That may be more than once, if a client sends another meanwhile. */
  drain(onNone: () => void): void {
    this.#onNone = () => {
      if (this.#count === 0) onNone()
    }
    if (this.#count === 0) onNone()
  }
}
