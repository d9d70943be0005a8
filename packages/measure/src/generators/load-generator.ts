import type { HttpVersion } from '../load/http-version'
import type { LatencySummary } from '../load/latencies'

/** A load to put on a server: a closed loop, so each answer makes room for the next request. */
export interface Load {
  /** The server's; `https:` for TLS. */
  readonly url: string
  readonly httpVersion: HttpVersion
  /** Connections at once. */
  readonly clients: number
  /** Requests in flight on each connection: streams of HTTP/2, or pipelined in HTTP/1.1. */
  readonly streams: number
  /** How long to measure, in seconds. */
  readonly duration: number
  /** How long to load the server before that, in seconds. */
  readonly warmup: number
  /** The CPUs that the generator keeps to; undefined: all that there are. */
  readonly cpus?: readonly number[] | undefined
}

/** What a generator found. Times in microseconds; null where it doesn't tell. */
export interface LoadResult {
  /** How long it measured, in seconds. */
  readonly duration: number
  readonly requests: {
    readonly total: number
    readonly succeeded: number
    /** Answered with a wrong status or not at all; includes the next two. */
    readonly failed: number
    /** Reset, or their connection was lost. */
    readonly errored: number
    readonly timedOut: number
  }
  readonly latency: LatencySummary
  /** The generator's own user and system time while it measured, in microseconds. */
  readonly cpu: number | null
  /** As `TLSv1.3 TLS_AES_256_GCM_SHA384`; null without TLS. */
  readonly tlsCipher: string | null
  /** Connections opened in place of one that the server had ended; null: not told. */
  readonly reconnections: number | null
  /** The most requests in flight at once on one connection. */
  readonly mostInFlight: number | null
  /** Of an open loop: requests that were due, but had no connection with room. */
  readonly unsent: number | null
}

/** When the warm-up is over and measuring begins, and when it ends. */
export interface LoadEvents {
  measureStart(): Promise<void>
  measureEnd(): Promise<void>
}

/** Whether something can be used on this machine. */
export type Availability =
  | { readonly state: 'available'; readonly version: string }
  | { readonly state: 'unavailable'; readonly reason: string }

/** Something that puts load on a server and measures the answers. */
export interface LoadGenerator {
  readonly name: 'h2load' | 'embedded'
  availability(): Promise<Availability>
  /**
   * Loads the server, first to warm it up, then to measure.
   *
   * @param signal ends it early
   * @throws MeasureError `GENERATOR_FAILED` if there is no result; `TIMED_OUT` if that is because
   *   something took too long
   */
  run(load: Load, events: LoadEvents, signal?: AbortSignal): Promise<LoadResult>
}

/** How long a generator may take for connecting and reporting, in milliseconds. */
const SPARE_TIME = 20_000

/** How long a whole load may take, in milliseconds; then its generator is given up. */
export function allowedTime({ warmup, duration }: Load): number {
  return (warmup + duration) * 1000 + SPARE_TIME
}
