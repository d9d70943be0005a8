import { build, type Histogram } from 'hdr-histogram-js'
import type { LoadResult } from '../load-generator'

/** The longest time that is told apart, in microseconds: ten minutes. */
const LONGEST = 600e6

/** What the clients of one load count together, between a beginning and an end. */
export class Measurement {
  /** Microseconds, to three digits. */
  readonly #latencies: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: 3,
  })
  #succeeded = 0
  #failed = 0
  #errored = 0
  #begin = 0
  #beginCpu: NodeJS.CpuUsage = { user: 0, system: 0 }

  /** Counts from here: all before was warm-up. */
  begin(): void {
    this.#latencies.reset()
    this.#succeeded = 0
    this.#failed = 0
    this.#errored = 0
    this.#begin = performance.now()
    this.#beginCpu = process.cpuUsage()
  }

  /** When {@link begin} was called, on the clock of `performance.now()`. */
  get beganAt(): number {
    return this.#begin
  }

  /**
   * A response ended. Hot path.
   *
   * @param latency microseconds since its request was sent
   */
  answered(status: number, latency: number): void {
    if (status >= 200 && status < 300) this.#succeeded++
    else this.#failed++
    this.#latencies.recordValue(Math.min(Math.round(latency), LONGEST))
  }

  /** A stream was reset, or its connection lost. */
  errored(): void {
    this.#errored++
  }

  /**
   * Returns what was counted.
   *
   * @param timedOut how many requests are still open that were so at the beginning
   */
  end(timedOut: number, tlsCipher: string | null): LoadResult {
    const duration = (performance.now() - this.#begin) / 1000
    const { user, system } = process.cpuUsage(this.#beginCpu)
    const failed = this.#failed + this.#errored + timedOut
    const histogram = this.#latencies
    const percentile = (p: number) =>
      histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(p)
    return {
      duration,
      requests: {
        total: this.#succeeded + failed,
        succeeded: this.#succeeded,
        failed,
        errored: this.#errored,
        timedOut,
      },
      latency: {
        mean: histogram.totalCount === 0 ? null : histogram.mean,
        p50: percentile(50),
        p90: percentile(90),
        p99: percentile(99),
        p999: percentile(99.9),
        max: histogram.totalCount === 0 ? null : histogram.maxValue,
      },
      cpu: user + system,
      tlsCipher,
    }
  }
}
