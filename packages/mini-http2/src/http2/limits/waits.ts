/**
 * Start times of a connection's waits that are set by rare events, in milliseconds; Infinity for
 * none.
 *
 * V8 allocates an object for a time that is not a small integer, and with many connections it is
 * rarely in the CPU cache. Callers therefore read the times only after {@link takeChange} returns
 * true.
 */
export class Waits {
  #settingsSentAt = Number.POSITIVE_INFINITY
  #headerBlockSince = Number.POSITIVE_INFINITY
  #stallCheckAt = Number.POSITIVE_INFINITY
  /** Whether {@link headerBlockSince} is set, for hot paths. */
  #awaitsHeaderBlock = false
  #isChanged = true

  /** When our SETTINGS were sent, if they haven't been acknowledged yet. */
  get settingsSentAt(): number {
    return this.#settingsSentAt
  }

  /** When the unfinished header block began. */
  get headerBlockSince(): number {
    return this.#headerBlockSince
  }

  /** When to check for streams that make no progress. */
  get stallCheckAt(): number {
    return this.#stallCheckAt
  }

  /** Whether there is an unfinished header block. */
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

  /** A header block is unfinished. Its time counts from its beginning. */
  beginHeaderBlock(now: number): void {
    if (this.#awaitsHeaderBlock) return
    this.#awaitsHeaderBlock = true
    this.#headerBlockSince = now
    this.#isChanged = true
  }

  /** There is no unfinished header block any more. */
  endHeaderBlock(): void {
    if (!this.#awaitsHeaderBlock) return
    this.#awaitsHeaderBlock = false
    this.#headerBlockSince = Number.POSITIVE_INFINITY
    this.#isChanged = true
  }

  /** A stream waits for the client: schedules a check at that time or earlier. */
  checkStallsAt(time: number): void {
    this.#stallCheckAt = Math.min(this.#stallCheckAt, time)
    this.#isChanged = true
  }

  /** A check of the streams begins. Those that still wait schedule another one. */
  beginStallCheck(): void {
    this.#stallCheckAt = Number.POSITIVE_INFINITY
    this.#isChanged = true
  }

  /** A time that is stored elsewhere has changed. */
  change(): void {
    this.#isChanged = true
  }

  /** Returns whether something has changed since the last call. */
  takeChange(): boolean {
    const isChanged = this.#isChanged
    this.#isChanged = false
    return isChanged
  }
}
