/*
 * Student's t distribution. Formulas: Abramowitz and Stegun, Handbook of Mathematical Functions, chapter 26.
 */

/**
 * Returns the quantile of Student's t distribution.
 *
 * @param probability between 0 and 1, exclusive
 * @param degrees the degrees of freedom, at least 1
 * @throws RangeError if either is out of range
 */
export function studentTQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`The probability must be between 0 and 1, not ${probability}.`)
  }
  if (!(degrees >= 1))
    throw new RangeError(`The degrees of freedom must be at least 1, not ${degrees}.`)
  if (probability === 0.5) return 0
  if (probability < 0.5) return -studentTQuantile(1 - probability, degrees)
  let low = 0
  let high = 1
  while (studentTProbability(high, degrees) < probability) high *= 2
  // Bisection is slow but always works. It ends at adjacent numbers.
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (studentTProbability(middle, degrees) < probability) low = middle
    else high = middle
  }
}

/** Returns the probability that a value of Student's t distribution is at most `t`, 26.7.1. */
export function studentTProbability(t: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2
  return t >= 0 ? 1 - tail : tail
}

/** The regularised incomplete beta function I_x(a, b), 26.5.1, by its continued fraction, 26.5.8. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction only converges fast on one side of the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b)
  const factor = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta) / a
  return factor * continuedFraction(x, a, b)
}

/** Lentz's algorithm. */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const notZero = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / notZero(1 + even * d)
    c = notZero(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / notZero(1 + odd * d)
    c = notZero(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return fraction
}

/** The logarithm of the gamma function for positive arguments: Stirling's series, 6.1.41, after a shift. */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  for (; z < 10; z++) shift += Math.log(z)
  const inverse = 1 / (z * z)
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) /
    z
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift
}
