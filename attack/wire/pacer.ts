import { setTimeout as delay } from 'node:timers/promises'

/** How long at most the octets may be saved up that nobody sends, in seconds. */
const MOST_SAVED = 0.05

/** Bounds what all connections of a process send together. */
export class Pacer {
  readonly #rate: number
  #since = performance.now()
  #left: number

  /** @param rate octets per second */
  constructor(rate: number) {
    this.#rate = rate
    this.#left = rate * MOST_SAVED
  }

  /** Returns when that many octets may be sent, or `signal` is aborted. */
  async take(octets: number, signal: AbortSignal): Promise<void> {
    this.#refill()
    this.#left -= octets
    if (this.#left >= 0) return
    // A debt is paid by waiting; others that come meanwhile wait longer.
    await sleep((-this.#left / this.#rate) * 1000, signal)
  }

  #refill(): void {
    const now = performance.now()
    const more = ((now - this.#since) / 1000) * this.#rate
    this.#left = Math.min(this.#left + more, this.#rate * MOST_SAVED)
    this.#since = now
  }
}

/** @returns whether the time has passed; false: `signal` was aborted before */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(milliseconds, undefined, { signal })
    return true
  } catch {
    return false
  }
}
