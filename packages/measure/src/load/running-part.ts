import type { LoadConnection } from './connection'
import type { Demand } from './demand'

/** One part of the load while it runs. */
export class RunningPart {
  readonly demand: Demand
  /** Connections that take no more requests, but have some open. */
  readonly draining = new Set<LoadConnection>()
  /** Requests are sent, or only the last answers waited for. */
  state: 'sending' | 'waiting' = 'sending'
  /** When the last octets came. */
  heardAt = performance.now()
  /** When the latest request was sent. */
  sentAt = 0
  readonly settled: Promise<void>
  #resolve: () => void = () => {}
  #timer: NodeJS.Timeout | undefined
  #beganAt = performance.now()
  #cpu = process.cpuUsage()

  readonly #patience: number

  /** @param patience how long neither side may say anything where a number of requests is to be made, in milliseconds */
  constructor(demand: Demand, patience: number) {
    this.demand = demand
    this.#patience = patience
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  isStuck(now: number): boolean {
    return now - Math.max(this.heardAt, this.sentAt) > this.#patience
  }

  settle(): void {
    clearTimeout(this.#timer)
    this.#resolve()
  }

  giveUpAfter(milliseconds: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.settle(), milliseconds)
  }

  /** Returns what has passed since the last call: seconds until the last octets came, CPU microseconds. */
  lap(): { readonly seconds: number; readonly cpu: number } {
    const seconds = Math.max(0, this.heardAt - this.#beganAt) / 1000
    const { user, system } = process.cpuUsage(this.#cpu)
    this.#beganAt = this.heardAt
    this.#cpu = process.cpuUsage()
    return { seconds, cpu: user + system }
  }
}
