import type { LoadConnection } from './connection'
import type { Demand } from './demand'

/** One part of the load while it runs. All times are of `performance.now()`, in milliseconds. */
export class RunningPart {
  readonly demand: Demand
  /** Connections that take no more requests, but have some open. */
  readonly draining = new Set<LoadConnection>()
  /** Resolves when all answers have come, or nobody waits for them any more. */
  readonly settled: Promise<void>
  /** Whether it is over after a number of requests. */
  readonly isCounted: boolean
  readonly #patience: number
  #state: 'sending' | 'waiting' = 'sending'
  /** Requests that were taken and have neither an answer nor are lost. */
  #unfinished = 0
  /** Those of them that the server did not process, and nobody has sent again. */
  #givenBack = 0
  /** When an answer came last. */
  #answeredAt = performance.now()
  /** When the server last came nearer to the end of the part, or could begin to. */
  #progressAt = this.#answeredAt
  #beganAt = this.#answeredAt
  #stoppedAt: number | undefined
  #cpu = process.cpuUsage()
  #resolve: () => void = () => {}
  #timer: NodeJS.Timeout | undefined

  /**
   * @param patience how long a server may answer nothing, in milliseconds, where a number of requests is to be made;
   *   undefined where it is a time
   */
  constructor(demand: Demand, patience: number | undefined) {
    this.demand = demand
    this.isCounted = patience !== undefined
    this.#patience = patience ?? Number.POSITIVE_INFINITY
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** Whether requests are sent, or only the last answers waited for. */
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
    this.#answeredAt = now
    this.#progressAt = now
  }

  /** The server has given a request up: that is an answer, too. */
  reset(now: number): void {
    this.#unfinished--
    this.#progressAt = now
  }

  /** So many requests are lost with their connection: nobody knows whether anything comes of others. */
  lost(requests: number): void {
    this.#unfinished -= requests
  }

  /** The server did not process a request: to send it again is no progress. */
  giveBack(dueAt: number): void {
    this.#givenBack++
    this.demand.giveBack(dueAt)
  }

  /** Whether nothing comes of what the server was asked, whatever else it says. */
  isStuck(now: number): boolean {
    return now - this.#progressAt > this.#patience
  }

  /** No more requests are sent; their answers may take some time yet, in milliseconds. */
  waitForAnswers(time: number, now: number): void {
    this.#state = 'waiting'
    this.demand.finish(now)
    this.#timer = setTimeout(() => this.settle(), time)
  }

  /** No more requests are sent, whatever was planned. */
  stop(now: number): void {
    this.demand.stop(now)
    this.#stoppedAt ??= now
  }

  settle(): void {
    clearTimeout(this.#timer)
    this.#resolve()
  }

  /**
   * Returns what has passed since the last call: seconds until the last answer, or until the part was stopped, and CPU
   * microseconds.
   *
   * @param atLeast until this moment, if that is later
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
