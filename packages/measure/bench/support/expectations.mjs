/*
 * What benchmarks expect of ratios, and how they show figures with their intervals.
 */

/**
 * Prints a ratio beside what it has to be. It is MISSED only if its whole interval is, and then the benchmark fails.
 *
 * @param ratio an Estimate
 * @param allowed what it is to be at most
 */
export function expectAtMost(text, ratio, allowed) {
  const verdict = verdictOf(ratio, allowed)
  if (verdict === 'MISSED') process.exitCode = 1
  console.log(`  ${text}: ${withInterval(ratio)}, to be at most ${digits(allowed)}: ${verdict}`)
}

function verdictOf({ low, high }, allowed) {
  if (high <= allowed) return 'holds'
  return low > allowed ? 'MISSED' : 'undecided'
}

/** An Estimate as `0.48 (0.46 to 0.50)`. */
export function withInterval({ value, low, high }) {
  return `${digits(value)} (${digits(low)} to ${digits(high)})`
}

/** Two digits that count, three from 0.9 to 1.1, where ratios are close to each other. */
function digits(value) {
  if (!Number.isFinite(value)) return 'any'
  const count = value >= 0.9 && value < 10 ? 3 : 2
  return Number(value.toPrecision(count)).toLocaleString('en-US', { maximumFractionDigits: 4 })
}
