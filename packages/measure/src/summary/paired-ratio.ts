import { type Estimate, estimateRatio } from '../statistics/estimate'
import type { CompletedTrial } from '../trial/trial'

/** The figures that implementations are compared by. */
export type Measure = 'serverCpuPerRequest' | 'requestsPerSecond'

/**
 * Estimates the ratio of two sets of trials in a figure. Only trials of the same round are compared, because
 * disturbances affect both. A round that either did not complete is ignored.
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

/** Whether a figure exists and has a logarithm. */
export function isPositive(value: number | null | undefined): value is number {
  return typeof value === 'number' && value > 0
}
