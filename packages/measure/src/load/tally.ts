import * as v from 'valibot'
import { count, measure } from '../recorded-numbers'
import { histogramFault } from './histogram-octets'

/*
 * The result of a part of a load. This is a schema, because it is sent by other processes and machines as JSON.
 */

export const tallySchema = v.object({
  /** From the first request to the last answer, in seconds. */
  seconds: measure,
  /** Requests that were sent. Each is in one of the next four. */
  started: count,
  /** Answered with status 2xx. */
  succeeded: count,
  /** Answered with another status. */
  failed: count,
  /** Reset or lost with their connection. */
  errored: count,
  /** Not answered within the time for it. */
  unanswered: count,
  /** How often each status was received, such as `{ "200": 12 }`. */
  statuses: v.record(v.string(), count),
  /** What went wrong, and how often, such as `{ "connection lost: ECONNRESET": 2 }`. */
  faults: v.record(v.string(), count),
  /**
   * Times that the server refused a request before it processed any of it. It was sent again, unless nothing but refusals
   * came: then it is errored.
   */
  refusals: count,
  /** Connections that were opened in place of one that the server had ended. */
  reconnections: count,
  /** The most requests that were in flight at once on one connection. */
  mostInFlight: count,
  /** The fewest concurrent requests that the server allowed on a connection; null if unknown. */
  mostStreams: v.nullable(count),
  /** In an open loop: requests that were due, but had no connection with room when the part ended. */
  unsent: count,
  /** User and system time of the generator, in microseconds; null if unknown. */
  cpu: v.nullable(measure),
  /** Microseconds, as a compressed HDR histogram in Base64 (V2 encoding). */
  latencies: v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      const message = dataset.typed ? histogramFault(dataset.value) : undefined
      if (message !== undefined) addIssue({ message })
    }),
  ),
})

/** What came of a part of a load, or of several together. */
export type Tally = v.InferOutput<typeof tallySchema>
