import { sleep } from '@h2lab/tls-context/native'
import type { Client } from '../client/client'

/** So many at once have the most of what clients gain from being served together. */
const ENOUGH_CLIENTS = 12

/** How many clients have to be active, so that there are others to wait for: twice that. */
const MANY_CLIENTS = 24

/** How long more clients are waited for, in microseconds. The kernel adds as much again, its timer slack: prctl(2). */
const GATHERING_TIME = 50

/** The shortest mean time between two turns of a client, in milliseconds: ten times what gathering takes. */
const SHORTEST_PERIOD = 1

/** Over how long that is measured, in milliseconds: some turns of each client. */
const WINDOW = 16

/**
 * Waits for more clients before those that are ready are served, as network cards do before they interrupt
 * ("interrupt moderation"): a loop that is faster than its many clients would else be woken for a few of them at a
 * time, and find nothing in the processor's caches. `npm run bench requests` (server-async) has what that spares.
 *
 * It costs clients a tenth of a millisecond, and so is for those only that ask less than once in a millisecond on the
 * average. A few clients never wait, nor does a loop that has enough to do.
 */
export class Gathering {
  #window = 1
  #windowStart = 0
  /** Of clients, in this window. */
  #turns = 0
  #clients = 0
  #isWorthwhile = false
  readonly #sleep: (microseconds: number) => void

  constructor(sleepFor = sleep) {
    this.#sleep = sleepFor
  }

  /** A client has a turn. */
  count(client: Client): void {
    this.#turns += 1
    if (client.window === this.#window) return
    client.window = this.#window
    this.#clients += 1
  }

  /**
   * Before a wait.
   *
   * @param reported how many descriptors the last one has reported
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
