import { countFault, faultText } from './faults'
import { encodeLatencies, LONGEST_LATENCY, newHistogram } from './latencies'
import type { Tally } from './tally'

/** Counts the results of a part of a load. */
export class TallyKeeper {
  readonly #latencies = newHistogram()
  readonly #statuses = new Map<number, number>()
  readonly #faults = new Map<string, number>()
  #succeeded = 0
  #failed = 0
  #errored = 0
  #started = 0
  #refusals = 0
  #reconnections = 0
  #mostInFlight = 0
  #mostStreams = Number.POSITIVE_INFINITY

  started(): void {
    this.#started++
  }

  /** The server did not process a request, so it counts as not sent. */
  takenBack(): void {
    this.#started--
  }

  /**
   * A response ended.
   *
   * @param latency in microseconds
   */
  answered(status: number, latency: number): void {
    if (status >= 200 && status < 300) this.#succeeded++
    else this.#failed++
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1)
    this.#latencies.recordValue(Math.min(Math.max(0, Math.round(latency)), LONGEST_LATENCY))
  }

  errored(requests: number): void {
    this.#errored += requests
  }

  /** Counts a fault, whether or not requests were lost by it. */
  fault(message: string): void {
    countFault(this.#faults, faultText(message), 1)
  }

  /** The server has refused a request before it processed any of it. */
  refused(): void {
    this.#refusals++
  }

  reconnected(): void {
    this.#reconnections++
  }

  inFlight(requests: number): void {
    if (requests > this.#mostInFlight) this.#mostInFlight = requests
  }

  /**
   * The server allows this many concurrent requests on a connection. Undefined if unknown, Infinity without a limit.
   */
  allowed(requests: number | undefined): void {
    if (requests !== undefined && requests < this.#mostStreams) this.#mostStreams = requests
  }

  /** Returns the counts since the last call and resets them. */
  take(more: Pick<Tally, 'seconds' | 'cpu' | 'unsent' | 'unanswered'>): Tally {
    const tally: Tally = {
      ...more,
      started: Math.max(0, this.#started),
      succeeded: this.#succeeded,
      failed: this.#failed,
      errored: this.#errored,
      statuses: Object.fromEntries(this.#statuses),
      faults: Object.fromEntries(this.#faults),
      refusals: this.#refusals,
      reconnections: this.#reconnections,
      mostInFlight: this.#mostInFlight,
      mostStreams: Number.isFinite(this.#mostStreams) ? this.#mostStreams : null,
      latencies: encodeLatencies(this.#latencies),
    }
    this.#latencies.reset()
    this.#statuses.clear()
    this.#faults.clear()
    // Requests taken back after they were reported are subtracted from the next counts.
    this.#started = Math.min(0, this.#started)
    this.#succeeded = 0
    this.#failed = 0
    this.#errored = 0
    this.#refusals = 0
    this.#reconnections = 0
    this.#mostInFlight = 0
    this.#mostStreams = Number.POSITIVE_INFINITY
    return tally
  }
}
