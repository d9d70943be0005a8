/**
 * Whether a client keeps up with what it has to take or to send. It may pause for a time, and has to make up for it:
 * otherwise one octet a minute would hold a connection for ever.
 */
export class Pace {
  readonly #octetsPerMillisecond: number
  /** As long as the client is behind, in milliseconds; Infinity if nothing waits for it. */
  #behindSince = Number.POSITIVE_INFINITY

  /** @param octetsPerSecond the least on average */
  constructor(octetsPerSecond: number) {
    this.#octetsPerMillisecond = octetsPerSecond / 1000
  }

  get behindSince(): number {
    return this.#behindSince
  }

  /** Something waits for the client, and nothing else did. */
  begin(now: number): void {
    this.#behindSince = now
  }

  /** Nothing waits for the client any more. */
  end(): void {
    this.#behindSince = Number.POSITIVE_INFINITY
  }

  /** The client has taken or sent so many octets. */
  count(octets: number, now: number): void {
    if (this.#behindSince === Number.POSITIVE_INFINITY) return
    this.#behindSince = Math.min(now, this.#behindSince + octets / this.#octetsPerMillisecond)
  }
}
