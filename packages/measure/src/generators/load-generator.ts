import type { HttpVersion } from '../load/http-version'
import type { LatencySummary } from '../load/latencies'

/** A load to put on a server. It is a closed loop: each answer makes room for the next request. */
export interface Load {
  /** The URL of the server; `https:` for TLS. */
  readonly url: string
  readonly httpVersion: HttpVersion
  /** Simultaneous connections. */
  readonly clients: number
  /** Requests in flight on each connection: HTTP/2 streams, or pipelined with HTTP/1.1. */
  readonly streams: number
  /** How long to measure, in seconds. */
  readonly duration: number
  /** How long to load the server before measuring, in seconds. */
  readonly warmup: number
  /** The CPUs that the generator runs on; undefined: all. */
  readonly cpus?: readonly number[] | undefined
}

/** The result of a generator. Times are in microseconds; null if not reported. */
export interface LoadResult {
  /** How long it measured, in seconds. */
  readonly duration: number
  readonly requests: {
    readonly total: number
    readonly succeeded: number
    /** Answered with a wrong status or not at all. Includes the next two. */
    readonly failed: number
    /** Reset or lost with their connection. */
    readonly errored: number
    readonly timedOut: number
  }
  readonly latency: LatencySummary
  /** The generator's user and system time while it measured, in microseconds. */
  readonly cpu: number | null
  /** Such as `TLSv1.3 TLS_AES_256_GCM_SHA384`; null without TLS. */
  readonly tlsCipher: string | null
  /**
   * Times that the server refused a request before it processed any of it, mostly sent again since; null: not told, they are
   * part of the errored ones.
   */
  readonly refusals: number | null
  /** Connections opened in place of one that the server had ended; null: not told. */
  readonly reconnections: number | null
  /** The most requests in flight at once on one connection. */
  readonly mostInFlight: number | null
  /** In an open loop: requests that were due, but had no connection with room. */
  readonly unsent: number | null
}

/** Called when the warm-up is over and measuring starts, and when it ends. */
export interface LoadEvents {
  measureStart(): Promise<void>
  measureEnd(): Promise<void>
}

/** Whether something is available on this machine. */
export type Availability =
  | { readonly state: 'available'; readonly version: string }
  | { readonly state: 'unavailable'; readonly reason: string }

/** Something that puts load on a server and measures the answers. */
export interface LoadGenerator {
  readonly name: 'h2load' | 'embedded'
  availability(): Promise<Availability>
  /**
   * Loads the server to warm it up, then to measure.
   *
   * @param signal ends it early
   * @throws MeasureError `GENERATOR_FAILED` if there is no result; `TIMED_OUT` if something took too long
   */
  run(load: Load, events: LoadEvents, signal?: AbortSignal): Promise<LoadResult>
}

/** Additional time for a generator to connect and to report, in milliseconds. */
const SPARE_TIME = 20_000

/** The time limit of a load, in milliseconds. Then the generator is given up. */
export function allowedTime({ warmup, duration }: Load): number {
  return (warmup + duration) * 1000 + SPARE_TIME
}
