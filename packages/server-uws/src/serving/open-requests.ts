/**
 * How long the library may take after the last response to pass what it has buffered to the socket, in milliseconds.
 * That is very little, and is written at once to a client that reads.
 */
const FLUSH_TIME = 50

/** The requests of a server that are waiting for a response, or whose response is being sent. */
export class OpenRequests {
  #count = 0
  #onNone: (() => void) | undefined

  /** Whether the server is draining. Clients are then asked to close their connections. */
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

  /** Calls back when no request is open. This can happen more than once if a client sends another one. */
  drain(onNone: () => void): void {
    this.#onNone = () => {
      if (this.#count === 0) onNone()
    }
    if (this.#count === 0) onNone()
  }
}
