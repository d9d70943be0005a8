import type { LoadPart, LoadPlan } from './plan'
import type { Tally } from './tally'

/**
 * Something that puts load on servers: a process here, or on another machine. It may have several sessions; only those
 * that run a part have requests in flight.
 */
export interface LoadWorker {
  /** As people call it: `process 2`, `ssh box1`. */
  readonly name: string
  /**
   * Opens the connections of a plan.
   *
   * @returns when the server has greeted on all of them
   * @throws MeasureError `GENERATOR_FAILED`, or `TIMED_OUT` if that takes too long
   */
  connect(plan: LoadPlan): Promise<LoadSession>
  /** Ends it and all of its sessions; never fails. */
  end(): Promise<void>
}

/** The connections of one plan. */
export interface LoadSession {
  /** As `TLSv1.3 TLS_AES_256_GCM_SHA384`; null without TLS. */
  readonly tlsCipher: string | null
  /**
   * Puts a part of the load on, and waits for the last answers.
   *
   * @throws MeasureError `GENERATOR_FAILED` if the worker is gone
   */
  run(part: LoadPart, options?: RunPartOptions): Promise<Tally>
  close(): Promise<void>
}

export interface RunPartOptions {
  /** Ends the part early: what has come by then is its result. */
  readonly signal?: AbortSignal | undefined
  /** Told again and again what came since it was told last. */
  readonly onProgress?: ((since: Tally) => void) | undefined
  /** How often, in seconds. Default 1. */
  readonly progressEvery?: number | undefined
  /** How long to wait before the first request, in seconds: workers that are told one after another begin together. */
  readonly delay?: number | undefined
}
