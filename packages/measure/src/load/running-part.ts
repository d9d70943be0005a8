import type { LoadConnection } from './connection'
import type { Demand } from './demand'

/** One part of the load while it runs. All times are of `performance.now()`, in milliseconds. */
export class RunningPart {
  readonly demand: Demand
  /** Connections that take no more requests, but have some open. */
  readonly draining = new Set<LoadConnection>()
  /** Resolves when all answers have come, or nobody waits for them any more. */
  readonly settled: Promise<void>
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
  #cpu = process.cpuUsage()
  #resolve: () => void = () => {}
  #timer: NodeJS.Timeout | undefined

  /** @param patience how long a server may answer nothing where a number of requests is to be made, in milliseconds */
  constructor(demand: Demand, patience: number) {
    this.demand = demand
    this.#patience = patience
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

  /** So many requests get no answer. */
  lost(requests: number, now: number): void {
    this.#unfinished -= requests
    if (requests > 0) this.#progressAt = now
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

  settle(): void {
    clearTimeout(this.#timer)
    this.#resolve()
  }

  /** Returns what has passed since the last call: seconds until the last answer, CPU microseconds. */
  lap(): { readonly seconds: number; readonly cpu: number } {
    const seconds = Math.max(0, this.#answeredAt - this.#beganAt) / 1000
    const { user, system } = process.cpuUsage(this.#cpu)
    this.#beganAt = this.#answeredAt
    this.#cpu = process.cpuUsage()
    return { seconds, cpu: user + system }
  }
}
