import { latencyOf } from '../load/latencies'
import type { Tally } from '../load/tally'
import type { LoadResult } from './load-generator'

/** Converts a tally of the load engine to the result of a generator. */
export function toLoadResult(tally: Tally, tlsCipher: string | null): LoadResult {
  const { errored, unanswered } = tally
  return {
    duration: tally.seconds,
    requests: {
      total: tally.started,
      succeeded: tally.succeeded,
      failed: tally.failed + errored + unanswered,
      errored,
      timedOut: unanswered,
    },
    latency: latencyOf(tally),
    cpu: tally.cpu,
    tlsCipher,
    refusals: tally.refusals,
    reconnections: tally.reconnections,
    mostInFlight: tally.mostInFlight,
    unsent: tally.unsent,
  }
}
