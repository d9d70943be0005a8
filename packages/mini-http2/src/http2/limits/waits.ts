/**
 * Times that a connection waits from, in milliseconds, as far as they are set by rare events; Infinity for none.
 *
 * A time that is no small whole number is an object of its own to V8, which a request of one of many connections
 * doesn't find in the processor's cache: so those who look at them after each batch do that only if {@link takeChange}
 * says that one has changed.
 */
export class Waits {
  #settingsSentAt = Number.POSITIVE_INFINITY
  #headerBlockSince = Number.POSITIVE_INFINITY
  #stallCheckAt = Number.POSITIVE_INFINITY
  /** Whether {@link headerBlockSince} counts, for hot paths. */
  #awaitsHeaderBlock = false
  #isChanged = true

  /** When our SETTINGS were sent, if they aren't acknowledged yet. */
  get settingsSentAt(): number {
    return this.#settingsSentAt
  }

  /** When the header block that isn't complete yet has begun. */
  get headerBlockSince(): number {
    return this.#headerBlockSince
  }

  /** When to look for streams that make no progress. */
  get stallCheckAt(): number {
    return this.#stallCheckAt
  }

  /** Whether a header block isn't complete. */
  get awaitsHeaderBlock(): boolean {
    return this.#awaitsHeaderBlock
  }

  settingsSent(now: number): void {
    this.#settingsSentAt = now
    this.#isChanged = true
  }

  settingsAcknowledged(): void {
    this.#settingsSentAt = Number.POSITIVE_INFINITY
    this.#isChanged = true
  }

  /** A header block isn't complete; its time counts from its beginning. */
  beginHeaderBlock(now: number): void {
    if (this.#awaitsHeaderBlock) return
    this.#awaitsHeaderBlock = true
    this.#headerBlockSince = now
    this.#isChanged = true
  }

  /** No header block is awaited any more. */
  endHeaderBlock(): void {
    if (!this.#awaitsHeaderBlock) return
    this.#awaitsHeaderBlock = false
    this.#headerBlockSince = Number.POSITIVE_INFINITY
    this.#isChanged = true
  }

  /** A stream waits for the client: looks at it then, or earlier. */
  checkStallsAt(time: number): void {
    this.#stallCheckAt = Math.min(this.#stallCheckAt, time)
    this.#isChanged = true
  }

  /** Streams are being looked at: those that go on waiting say so. */
  beginStallCheck(): void {
    this.#stallCheckAt = Number.POSITIVE_INFINITY
    this.#isChanged = true
  }

  /** A time that somebody else keeps has changed. */
  change(): void {
    this.#isChanged = true
  }

  /** Tells whether something has changed since it was asked last. */
  takeChange(): boolean {
    const isChanged = this.#isChanged
    this.#isChanged = false
    return isChanged
  }
}
