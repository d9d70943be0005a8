import { type Estimate, estimateRatio } from '../statistics/estimate'
import type { CompletedTrial } from '../trial/trial'

/** What implementations are compared by. */
export type Measure = 'serverCpuPerRequest' | 'requestsPerSecond'

/**
 * Estimates how many times the figure of others that of some trials is. Trials are compared with those of the same
 * round only: what disturbed one of them then disturbed both. A round that one of them did not complete says nothing.
 *
 * @returns null if they have no round in common
 */
export function pairedRatio(
  trials: readonly CompletedTrial[],
  others: readonly CompletedTrial[],
  measure: Measure,
): Estimate | null {
  const byRound = new Map(others.map((trial) => [trial.round, trial[measure]]))
  const pairs = trials.flatMap((trial) => {
    const of = trial[measure]
    const by = byRound.get(trial.round)
    return isPositive(of) && isPositive(by) ? [{ of, by }] : []
  })
  return estimateRatio(pairs) ?? null
}

/** Whether a figure is there, and can have a logarithm. */
export function isPositive(value: number | null | undefined): value is number {
  return typeof value === 'number' && value > 0
}
