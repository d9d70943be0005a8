import type { LoadConnection } from './connection'
import type { Demand } from './demand'

/** A running part of the load. All times are in milliseconds of `performance.now()`. */
export class RunningPart {
  readonly demand: Demand
  /** Connections that accept no more requests, but have some open. */
  readonly draining = new Set<LoadConnection>()
  /** Resolves when all answers have arrived or are no longer waited for. */
  readonly settled: Promise<void>
  /** Whether it ends after a number of requests. */
  readonly isCounted: boolean
  readonly #patience: number
  #state: 'sending' | 'waiting' = 'sending'
  /** Requests that were taken and are neither answered nor lost. */
  #unfinished = 0
  /** How many of them the server did not process and were not sent again. */
  #givenBack = 0
  /** How many the server has refused since its last answer. */
  #refusedInARow = 0
  /** When an answer came last. */
  #answeredAt = performance.now()
  /** When the server last made progress towards the end of the part, or could start to. */
  #progressAt = this.#answeredAt
  #beganAt = this.#answeredAt
  #stoppedAt: number | undefined
  #cpu = process.cpuUsage()
  #resolve: () => void = () => {}
  #timer: NodeJS.Timeout | undefined

  /**
   * @param patience how long a server may answer nothing, in milliseconds, if a number of requests is to be made;
   *   undefined for a timed part
   */
  constructor(demand: Demand, patience: number | undefined) {
    this.demand = demand
    this.isCounted = patience !== undefined
    this.#patience = patience ?? Number.POSITIVE_INFINITY
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** Whether requests are being sent, or only the last answers awaited. */
  get state(): 'sending' | 'waiting' {
    return this.#state
  }

  /** A request is sent. */
  sent(now: number): void {
    if (this.#givenBack > 0) {
      this.#givenBack--
      return
    }
    if (this.#unfinished === 0) this.#progressAt = now
    this.#unfinished++
  }

  /** An answer is complete. */
  answered(now: number): void {
    this.#unfinished--
    this.#refusedInARow = 0
    this.#answeredAt = now
    this.#progressAt = now
  }

  /** The server has reset a request, which also counts as an answer. */
  reset(now: number): void {
    this.#unfinished--
    this.#progressAt = now
  }

  /** The server has refused a request. Returns how many it has refused since its last answer. */
  refused(): number {
    return ++this.#refusedInARow
  }

  /** So many requests are lost with their connection: nobody knows whether anything comes of others. */
  lost(requests: number): void {
    this.#unfinished -= requests
  }

  /** The server did not process a request. Sending it again is not progress. */
  giveBack(dueAt: number): void {
    this.#givenBack++
    this.demand.giveBack(dueAt)
  }

  /** Whether requests that the server did not process wait to be sent again. */
  get hasGivenBack(): boolean {
    return this.#givenBack > 0
  }

  /** Whether nothing comes of what the server was asked, whatever else it says. */
  isStuck(now: number): boolean {
    return now - this.#progressAt > this.#patience
  }

  /** Ends sending and waits this long for the last answers, in milliseconds. */
  waitForAnswers(time: number, now: number): void {
    this.#state = 'waiting'
    this.demand.finish(now)
    this.#timer = setTimeout(() => this.settle(), time)
  }

  /** Ends sending, regardless of what was planned. */
  stop(now: number): void {
    this.demand.stop(now)
    this.#stoppedAt ??= now
  }

  settle(): void {
    clearTimeout(this.#timer)
    this.#resolve()
  }

  /**
   * Returns the time since the last call: seconds until the last answer or the stop of the part, and CPU
   * microseconds.
   *
   * @param atLeast counts up to this moment if it is later
   */
  lap(atLeast = 0): { readonly seconds: number; readonly cpu: number } {
    const end = Math.max(this.#answeredAt, this.#stoppedAt ?? 0, atLeast)
    const seconds = Math.max(0, end - this.#beganAt) / 1000
    const { user, system } = process.cpuUsage(this.#cpu)
    this.#beganAt = end
    this.#cpu = process.cpuUsage()
    return { seconds, cpu: user + system }
  }
}
