import * as v from 'valibot'
import { describeIssue } from '../describe-issue'

/*
 * One line of trials.jsonl. The variables come first, then what the clips measured.
 * A schema, since `h2lab report` reads files that another version may have written.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const measure = v.pipe(v.number(), v.minValue(0))
/** Null where the generator doesn't tell. */
const maybe = v.nullable(measure)

/** The point of the cross product that a trial was made at. */
const variables = {
  /** As `async/mini`, `nginx`, or the URL of a server that somebody else runs. */
  implementation: v.string(),
  /** Connections at once. */
  clients: count,
  /** Requests in flight on each connection. */
  streams: count,
  tls: v.boolean(),
}

const identity = {
  /** Counts all trials of a run, from 1. */
  trial: count,
  /** Counts the repetitions of the trial's cell, from 1. */
  round: count,
  ...variables,
  /**
   * What the server spoke, by the name that ALPN has for it. Before it was saved there was only
   * HTTP/2.
   */
  httpVersion: v.optional(v.picklist(['h2', 'http/1.1']), 'h2'),
  /** The load generator: `h2load` or `embedded`. */
  generator: v.string(),
  /**
   * Whether the servers of the point were loaded in turns while all were there (`turns`), or this one was loaded
   * alone, for the whole trial (`whole`). Ratios are paired by `round` either way.
   */
  method: v.optional(v.picklist(['turns', 'whole']), 'whole'),
  /** Requests a second that were offered, of all connections together; null in a closed loop. */
  offeredRate: v.optional(v.nullable(v.number()), null),
  /** When it began, ISO 8601; of a trial that was made twice, the second attempt. */
  startedAt: v.string(),
  /** Why its first attempt failed, if it was made twice because that took too long; else null. */
  repeatedAfter: v.optional(v.nullable(v.string()), null),
}

export const completedTrialSchema = v.object({
  outcome: v.literal('completed'),
  ...identity,
  /** How long it was measured, in seconds, without warm-up. */
  duration: measure,
  requestsTotal: count,
  requestsSucceeded: count,
  /** Answered with another status than expected, or not at all; includes the next two. */
  requestsFailed: count,
  /** Ended by a reset or a lost connection. */
  requestsErrored: count,
  /** Without an answer when the time for it was over. */
  requestsTimedOut: count,
  requestsPerSecond: measure,
  /** Connections that were opened in place of one that the server had ended. */
  reconnections: v.optional(maybe, null),
  /** The most requests that were in flight on one connection; fewer than `streams` if the server allows fewer. */
  mostInFlight: v.optional(maybe, null),
  /** Of an open loop: requests that were due, but had no connection with room. */
  requestsUnsent: v.optional(maybe, null),
  /** Turns that count, and those that were dropped since the machine was busy with something else. */
  slices: v.optional(maybe, null),
  slicesDropped: v.optional(maybe, null),
  /** How long the server was warmed up, in seconds, and whether its cost was steady by then. */
  warmup: v.optional(maybe, null),
  steady: v.optional(v.nullable(v.boolean()), null),
  /** CPU seconds a second that other processes of the machine took while this was measured; 1 is one core. */
  othersUtilisation: v.optional(maybe, null),
  /** The same that the hypervisor gave to others. */
  stealUtilisation: v.optional(maybe, null),
  /** From sending a request to its response's end, in microseconds. */
  latencyMean: maybe,
  latencyP50: maybe,
  latencyP90: maybe,
  latencyP99: maybe,
  latencyP999: maybe,
  latencyMax: maybe,
  /** User and system time of the server's processes, in microseconds for each request. */
  serverCpuPerRequest: maybe,
  /** The same in a second of the trial: 1 is one core. */
  serverUtilisation: maybe,
  /** The largest resident sets of the server's processes, in octets. */
  serverPeakMemory: maybe,
  generatorCpuPerRequest: maybe,
  generatorUtilisation: maybe,
  /** What kept the trial from being faster: the one whose thread was busy all the time. */
  limit: v.picklist(['server', 'generator', 'neither']),
  /** Version and cipher, as `TLSv1.3 TLS_AES_256_GCM_SHA384`; null without TLS. */
  tlsCipher: v.nullable(v.string()),
})

export const failedTrialSchema = v.object({
  outcome: v.literal('failed'),
  ...identity,
  /** Why nothing could be measured. */
  error: v.string(),
})

export const trialSchema = v.variant('outcome', [completedTrialSchema, failedTrialSchema])

/** A trial that was measured; its columns are documented in the schema and the README. */
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
