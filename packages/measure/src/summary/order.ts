import type { CompletedTrial } from '../trial/trial'
import { isPositive, type Measure } from './paired-ratio'

/** More iterations make no visible difference. */
const ITERATIONS = 100

/**
 * Estimates the relative sizes of the implementations' figures, as logarithms. If all have completed the same rounds,
 * these are the logarithms of their geometric means. If one lacks a round, its mean would lack the conditions of that
 * round. So each figure is modeled as a product of the implementation's and the round's, and both are fitted.
 *
 * @param trials of each implementation
 */
export function relativeSizes(
  trials: readonly (readonly CompletedTrial[])[],
  measure: Measure,
): number[] {
  const figures = trials.map((own) =>
    own.flatMap((trial) => {
      const value = trial[measure]
      return isPositive(value) ? [{ round: trial.round, logarithm: Math.log(value) }] : []
    }),
  )
  const rounds = new Map(figures.flat().map(({ round }) => [round, 0]))
  let sizes = figures.map(() => 0)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    sizes = figures.map((own) => mean(own.map((one) => one.logarithm - rounds.get(one.round)!)))
    for (const round of rounds.keys()) {
      const rest = figures.flatMap((own, index) =>
        own.flatMap((one) => (one.round === round ? [one.logarithm - sizes[index]!] : [])),
      )
      rounds.set(round, mean(rest))
    }
  }
  return sizes
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
