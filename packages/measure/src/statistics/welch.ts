import { CONFIDENCE, type Estimate, estimate } from './estimate'
import { studentTQuantile } from './student-t'

/**
 * Estimates the ratio of two figures from independent values, as from two runs. The values form no pairs, and their
 * numbers and variances may differ. Uses Welch's t interval of the logarithms, with degrees of freedom by Welch and
 * Satterthwaite (B. L. Welch, "The generalization of 'Student's' problem when several different population variances
 * are involved", Biometrika 34, 1947).
 *
 * Changes between the runs are part of the ratio.
 *
 * @param of positive, one value per repetition
 * @param by the values of the divisor
 * @returns undefined if either has no values; `repetitions` is the smaller number of the two
 * @throws RangeError if a value is not positive and finite
 */
export function estimateUnpairedRatio(
  of: readonly number[],
  by: readonly number[],
): Estimate | undefined {
  const [above, below] = [estimate(of), estimate(by)]
  if (above === undefined || below === undefined) return undefined
  const value = above.value / below.value
  const repetitions = Math.min(of.length, by.length)
  if (repetitions === 1) return { value, low: 0, high: Number.POSITIVE_INFINITY, repetitions }
  const parts = [squaredErrorOf(of), squaredErrorOf(by)]
  const squaredError = parts.reduce((sum, { squared }) => sum + squared, 0)
  if (squaredError === 0) return { value, low: value, high: value, repetitions }
  const degrees =
    squaredError ** 2 / parts.reduce((sum, { squared, degrees }) => sum + squared ** 2 / degrees, 0)
  const margin = studentTQuantile((1 + CONFIDENCE) / 2, degrees) * Math.sqrt(squaredError)
  return { value, low: value * Math.exp(-margin), high: value * Math.exp(margin), repetitions }
}

/** The squared standard error of the mean logarithm, and its degrees of freedom. */
function squaredErrorOf(values: readonly number[]): { squared: number; degrees: number } {
  const logarithms = values.map(Math.log)
  const mean = logarithms.reduce((sum, one) => sum + one, 0) / values.length
  const squares = logarithms.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  const degrees = values.length - 1
  return { squared: squares / degrees / values.length, degrees }
}
