import { countFault } from './faults'
import { mergeLatencies } from './latencies'
import type { Tally } from './tally'

export { type LatencySummary, latencyOf } from './latencies'

/**
 * Combines the results of several parts, or of several workers for one part.
 *
 * @param how `after`: one after another, so times add up; `beside`: concurrently, so the longest time counts
 */
export function mergeTallies(tallies: readonly Tally[], how: 'after' | 'beside' = 'after'): Tally {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((all, one) => all + of(one), 0)
  const most = (of: (tally: Tally) => number) => tallies.reduce((m, one) => Math.max(m, of(one)), 0)
  return {
    seconds: how === 'after' ? sum(({ seconds }) => seconds) : most(({ seconds }) => seconds),
    started: sum(({ started }) => started),
    succeeded: sum(({ succeeded }) => succeeded),
    failed: sum(({ failed }) => failed),
    errored: sum(({ errored }) => errored),
    unanswered: sum(({ unanswered }) => unanswered),
    statuses: sumCounts(tallies.map(({ statuses }) => statuses)),
    faults: sumFaults(tallies.map(({ faults }) => faults)),
    refusals: sum(({ refusals }) => refusals),
    reconnections: sum(({ reconnections }) => reconnections),
    mostInFlight: most(({ mostInFlight }) => mostInFlight),
    mostStreams: fewest(tallies.map(({ mostStreams }) => mostStreams)),
    unsent: sum(({ unsent }) => unsent),
    cpu: tallies.some(({ cpu }) => cpu === null) ? null : sum(({ cpu }) => cpu ?? 0),
    latencies: mergeLatencies(tallies.map(({ latencies }) => latencies)),
  }
}

/** Keeps to the limit of distinct faults. */
function sumFaults(all: readonly Tally['faults'][]): Tally['faults'] {
  const whole = new Map<string, number>()
  for (const [text, times] of all.flatMap((one) => Object.entries(one))) {
    countFault(whole, text, times)
  }
  return Object.fromEntries(whole)
}

/** Null means no limit. */
function fewest(numbers: readonly (number | null)[]): number | null {
  const limits = numbers.filter((one) => one !== null)
  return limits.length === 0 ? null : Math.min(...limits)
}

function sumCounts(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const whole = new Map<string, number>()
  for (const [name, count] of all.flatMap((one) => Object.entries(one))) {
    whole.set(name, (whole.get(name) ?? 0) + count)
  }
  return Object.fromEntries(whole)
}
