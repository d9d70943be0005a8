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

/** Two digits that count, and two decimals around 1, where ratios are close to each other. */
function digits(value) {
  if (!Number.isFinite(value)) return 'any'
  const count = value >= 0.995 && value < 2 ? 3 : 2
  const rounded = Number(value.toPrecision(count))
  const decimals = rounded === 0 ? 0 : Math.max(0, count - 1 - Math.floor(Math.log10(rounded)))
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  return rounded.toLocaleString('en-US', options)
}
