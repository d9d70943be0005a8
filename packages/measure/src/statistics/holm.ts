import { CONFIDENCE, type Estimate } from './estimate'
import { studentTProbability, studentTQuantile } from './student-t'

/**
 * Finds out which ratios differ from 1 with a family-wise error of 5 %: in 95 of 100 runs no false difference is
 * claimed. Uses Holm's step-down method, which makes no assumption about how the ratios depend on each other.
 *
 * @returns for each ratio, whether its difference holds together with all others
 */
export function holdTogether(ratios: readonly Estimate[]): boolean[] {
  const bySurprise = ratios
    .map((ratio, index) => ({ index, chance: chanceOf(ratio) }))
    .sort((one, other) => one.chance - other.chance)
  const firstRefused = bySurprise.findIndex(
    ({ chance }, rank) => chance > (1 - CONFIDENCE) / (ratios.length - rank),
  )
  const accepted = firstRefused === -1 ? bySurprise : bySurprise.slice(0, firstRefused)
  const holding = new Set(accepted.map(({ index }) => index))
  return ratios.map((_, index) => holding.has(index))
}

/**
 * The p value: the probability of a ratio at least as far from 1 if there is no difference. For a ratio by Welch's
 * method it uses too few degrees of freedom, which is conservative.
 */
function chanceOf({ value, high, repetitions }: Estimate): number {
  if (repetitions < 2) return 1
  const degrees = repetitions - 1
  const error = Math.log(high / value) / studentTQuantile((1 + CONFIDENCE) / 2, degrees)
  const distance = Math.abs(Math.log(value))
  if (distance === 0) return 1
  return error === 0 ? 0 : 2 * studentTProbability(-distance / error, degrees)
}
