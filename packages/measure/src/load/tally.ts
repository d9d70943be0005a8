import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import * as v from 'valibot'

/*
 * What came of a part of a load. A schema, since it comes from other processes and machines as JSON.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const measure = v.pipe(v.number(), v.minValue(0))

export const tallySchema = v.object({
  /** From the first request to the last answer, in seconds. */
  seconds: measure,
  /** Requests that were sent. Each of them is in one of the next four. */
  started: count,
  /** Answered with status 2xx. */
  succeeded: count,
  /** Answered with another status. */
  failed: count,
  /** Reset, or lost with their connection. */
  errored: count,
  /** Without an answer when the time for that was over. */
  unanswered: count,
  /** Times that a status came, as `{ "200": 12 }`. */
  statuses: v.record(v.string(), count),
  /** What went wrong, with how often: as `{ "connection lost: ECONNRESET": 2 }`. */
  faults: v.record(v.string(), count),
  /** Connections that were opened in place of one that the server had ended. */
  reconnections: count,
  /** The most requests that were in flight at once on one connection. */
  mostInFlight: count,
  /** The fewest that the server took at once on a connection; null if it did not say. */
  mostStreams: v.nullable(count),
  /** Of an open loop: requests that were due, but had no connection with room when the part ended. */
  unsent: count,
  /** User and system time of the generator, in microseconds; null where it is not known. */
  cpu: v.nullable(measure),
  /** Microseconds, as a compressed HDR histogram in Base64 (V2 encoding). */
  latencies: v.pipe(
    v.string(),
    v.check(isHistogram, 'It is no compressed HDR histogram in Base64.'),
  ),
})

function isHistogram(text: string): boolean {
  try {
    decodeFromCompressedBase64(text)
    return true
  } catch {
    return false
  }
}

/** What came of a part of a load, or of several together. */
export type Tally = v.InferOutput<typeof tallySchema>
