import * as v from 'valibot'
import { describeIssue } from '../describe-issue'
import { count, measure } from '../recorded-numbers'

/*
 * A line of trials.jsonl: the variables, then the results of the clips. This is a schema, because `h2lab report`
 * reads files that another version may have written.
 */

/** Null if the generator does not report it. */
const maybe = v.nullable(measure)

/** The point of the cross product. */
const variables = {
  /** Such as `async/mini`, `nginx`, or the URL of a remote server. */
  implementation: v.string(),
  /** Simultaneous connections. */
  clients: count,
  /** Requests in flight on each connection. */
  streams: count,
  tls: v.boolean(),
}

const identity = {
  /** The number of the trial in the run, from 1. */
  trial: count,
  /** The number of the repetition of the trial's cell, from 1. */
  round: count,
  ...variables,
  /**
   * The protocol of the server, by its ALPN identifier. Files without it are from a time when there was only HTTP/2.
   */
  httpVersion: v.optional(v.picklist(['h2', 'http/1.1']), 'h2'),
  /** The load generator: `h2load` or `embedded`. */
  generator: v.string(),
  /**
   * Whether the servers of the point ran concurrently and were loaded in turns (`turns`), or this one was loaded
   * alone for the whole trial (`whole`). Either way, ratios are paired by `round`.
   */
  method: v.optional(v.picklist(['turns', 'whole']), 'whole'),
  /** The offered requests per second of all connections together; null in a closed loop. */
  offeredRate: v.optional(v.nullable(measure), null),
  /** When it started, ISO 8601. For a repeated trial, the second attempt. */
  startedAt: v.string(),
  /** Why the first attempt failed if the trial was repeated because it took too long; otherwise null. */
  repeatedAfter: v.optional(v.nullable(v.string()), null),
}

export const completedTrialSchema = v.object({
  outcome: v.literal('completed'),
  ...identity,
  /** The measured time in seconds, without warm-up. */
  duration: measure,
  requestsTotal: count,
  requestsSucceeded: count,
  /** Answered with an unexpected status or not at all. Includes the next two. */
  requestsFailed: count,
  /** Ended by a reset or a lost connection. */
  requestsErrored: count,
  /** Not answered within the time for it. */
  requestsTimedOut: count,
  requestsPerSecond: measure,
  /** Times that the server refused a request before it processed any of it; the request was sent again. */
  refusals: v.optional(maybe, null),
  /** Connections that were opened in place of one that the server had ended. */
  reconnections: v.optional(maybe, null),
  /** The most requests in flight on a connection. Fewer than `streams` if the server allows fewer. */
  mostInFlight: v.optional(maybe, null),
  /** In an open loop: requests that were due, but had no connection with room. */
  requestsUnsent: v.optional(maybe, null),
  /** The turns that count, and those that were dropped because the machine was busy. */
  slices: v.optional(maybe, null),
  slicesDropped: v.optional(maybe, null),
  /** The length of the warm-up in seconds, and whether the cost was steady by then. */
  warmup: v.optional(maybe, null),
  steady: v.optional(v.nullable(v.boolean()), null),
  /** CPU seconds per second that other processes used during the measurement. 1 is one core. */
  othersUtilisation: v.optional(maybe, null),
  /** CPU seconds per second that the hypervisor gave to other machines. */
  stealUtilisation: v.optional(maybe, null),
  /** From sending a request to the end of its response, in microseconds. */
  latencyMean: maybe,
  latencyP50: maybe,
  latencyP90: maybe,
  latencyP99: maybe,
  latencyP999: maybe,
  latencyMax: maybe,
  /** User and system time of the server's processes per request, in microseconds. */
  serverCpuPerRequest: maybe,
  /** User and system time per second of the trial: 1 is one core. */
  serverUtilisation: maybe,
  /** The largest resident sets of the server's processes, in octets. */
  serverPeakMemory: maybe,
  generatorCpuPerRequest: maybe,
  generatorUtilisation: maybe,
  /** What limited the trial: the side whose thread was busy all the time. */
  limit: v.picklist(['server', 'generator', 'neither']),
  /** Version and cipher, such as `TLSv1.3 TLS_AES_256_GCM_SHA384`; null without TLS. */
  tlsCipher: v.nullable(v.string()),
})

export const failedTrialSchema = v.object({
  outcome: v.literal('failed'),
  ...identity,
  /** Why nothing could be measured. */
  error: v.string(),
})

export const trialSchema = v.variant('outcome', [completedTrialSchema, failedTrialSchema])

/** A measured trial. Its columns are documented in the schema and the README. */
export type CompletedTrial = v.InferOutput<typeof completedTrialSchema>

/** A trial that could not be measured. */
export type FailedTrial = v.InferOutput<typeof failedTrialSchema>

export type Trial = v.InferOutput<typeof trialSchema>

/**
 * Checks that a value is a trial.
 *
 * @throws TypeError naming the column at fault
 */
export function parseTrial(value: unknown): Trial {
  const result = v.safeParse(trialSchema, value)
  if (result.success) return result.output
  throw new TypeError(describeIssue(result.issues[0]))
}
