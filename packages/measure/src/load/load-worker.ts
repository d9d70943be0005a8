import type { LoadPart, LoadPlan } from './plan'
import type { Tally } from './tally'

/**
 * Puts load on servers, from a process here or on another machine. It may have several sessions. Only those that run
 * a part have requests in flight.
 */
export interface LoadWorker {
  /** The name, such as `process 2` or `ssh box1`. */
  readonly name: string
  /**
   * Opens the connections of a plan.
   *
   * @returns when the server has responded on all of them
   * @throws MeasureError `GENERATOR_FAILED`, or `TIMED_OUT` if that takes too long
   */
  connect(plan: LoadPlan): Promise<LoadSession>
  /** Ends it and all of its sessions. Never fails. */
  end(): Promise<void>
}

/** The connections of a plan. */
export interface LoadSession {
  /** Such as `TLSv1.3 TLS_AES_256_GCM_SHA384`; null without TLS. */
  readonly tlsCipher: string | null
  /**
   * Runs a part of the load and waits for the last answers.
   *
   * @throws MeasureError `GENERATOR_FAILED` if the worker is gone
   */
  run(part: LoadPart, options?: RunPartOptions): Promise<Tally>
  close(): Promise<void>
}

export interface RunPartOptions {
  /** Ends the part early and keeps its results. */
  readonly signal?: AbortSignal | undefined
  /** Called periodically with the tally since the last call. */
  readonly onProgress?: ((since: Tally) => void) | undefined
  /** How often, in seconds. Default 1. */
  readonly progressEvery?: number | undefined
  /**
   * How long to wait before the first request, in seconds, so that workers started one after another begin together.
   */
  readonly delay?: number | undefined
}
