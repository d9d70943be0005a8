/**
 * Limits events to a number in a burst and a number per second in the long run. It has no clock:
 * the time is a parameter of each event.
 */
export class TokenBucket {
  readonly #burst: number
  readonly #perMillisecond: number
  #tokens: number
  /** When the tokens were last refilled, in milliseconds. */
  #countedAt: number

  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst
    this.#perMillisecond = perSecond / 1000
    this.#tokens = burst
    this.#countedAt = now
  }

  /** Adds tokens, up to the size of a burst. */
  refill(tokens: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + tokens)
  }

  /**
   * Takes a token for an event.
   *
   * @param now milliseconds
   * @returns whether there was one
   */
  take(now: number): boolean {
    const refill = (now - this.#countedAt) * this.#perMillisecond
    this.#tokens = Math.min(this.#burst, this.#tokens + refill)
    this.#countedAt = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
