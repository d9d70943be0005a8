import { CONFIDENCE, type Estimate, estimate } from './estimate'
import { studentTQuantile } from './student-t'

/**
 * Estimates how many times one figure another is, from values that were measured apart from each other, as in two
 * runs: none belongs to one of the others, their numbers may differ, and so may their spread. Welch's t interval of
 * the logarithms, with the degrees of freedom by Welch and Satterthwaite (B. L. Welch, "The generalization of
 * 'Student's' problem when several different population variances are involved", Biometrika 34, 1947).
 *
 * It can't know what changed between the runs: that is part of the ratio.
 *
 * @param of positive, one value of each repetition
 * @param by the same of the figure to divide by
 * @returns undefined if either has no value; its `repetitions` are those of the one that has fewer
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
