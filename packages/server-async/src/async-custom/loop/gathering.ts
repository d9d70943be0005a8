import { sleep } from '@h2lab/tls-context/native'
import type { Client } from '../client/client'

/** Serving this many clients together has most of the benefit. */
const ENOUGH_CLIENTS = 12

/** How many clients must be active before waiting pays off: twice that. */
const MANY_CLIENTS = 24

/** How long to wait for more clients, in microseconds. The kernel adds about as much timer slack, prctl(2). */
const GATHERING_TIME = 50

/** The shortest mean time between two turns of a client, in milliseconds: ten times the duration of a wait. */
const SHORTEST_PERIOD = 1

/** The length of the time window for the mean, in milliseconds: several turns of each client. */
const WINDOW = 16

/**
 * Waits for more clients before it serves those that are ready, like the interrupt moderation of network cards.
 * Otherwise a loop that is faster than its many clients wakes up for a few of them at a time, with cold processor
 * caches. `npm run bench requests` (server-async) shows what this saves.
 *
 * It delays clients by a tenth of a millisecond, so it applies only to clients that on average send less than one
 * request per millisecond. It never waits with few clients, or when the loop has enough to do.
 */
export class Gathering {
  #window = 1
  #windowStart = 0
  /** The number of turns of all clients in this window. */
  #turns = 0
  #clients = 0
  #isWorthwhile = false
  readonly #sleep: (microseconds: number) => void

  constructor(sleepFor = sleep) {
    this.#sleep = sleepFor
  }

  /** A client is served. */
  count(client: Client): void {
    this.#turns += 1
    if (client.window === this.#window) return
    client.window = this.#window
    this.#clients += 1
  }

  /**
   * Called before each wait.
   *
   * @param reported the number of descriptors reported by the last wait
   * @param now in whole milliseconds
   */
  gather(reported: number, now: number): void {
    const elapsed = now - this.#windowStart
    if (elapsed >= WINDOW) {
      const period = (this.#clients * elapsed) / this.#turns
      this.#isWorthwhile = this.#clients >= MANY_CLIENTS && period >= SHORTEST_PERIOD
      this.#window += 1
      this.#windowStart = now
      this.#turns = 0
      this.#clients = 0
    }
    if (this.#isWorthwhile && reported > 1 && reported < ENOUGH_CLIENTS) this.#sleep(GATHERING_TIME)
  }
}
