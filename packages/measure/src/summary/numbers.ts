import { type Estimate, relativeMargin } from '../statistics/estimate'

/*
 * Formats numbers with as many digits as are reliable, and a suitable unit.
 */

/** Further digits would not be reproducible. */
const SIGNIFICANT = 2

/** Formats a measured figure, such as `120,000` or `0.27`. */
export function formatNumber(value: number, significant = SIGNIFICANT): string {
  if (value === 0) return '0'
  const rounded = Number(value.toPrecision(significant))
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(Math.abs(rounded))))
  return rounded.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(decimals, MOST_DECIMALS),
    maximumFractionDigits: Math.min(decimals, MOST_DECIMALS),
  })
}

const MOST_DECIMALS = 6

/** Formats a count with all digits, such as `1,234`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
}

/** Formats microseconds as `270 us`, `8.2 ms` or `1.0 s`. */
export function formatTime(microseconds: number): string {
  const rounded = Number(microseconds.toPrecision(SIGNIFICANT))
  if (rounded < 1000) return `${formatNumber(rounded)} us`
  if (rounded < 1e6) return `${formatNumber(rounded / 1000)} ms`
  return `${formatNumber(rounded / 1e6)} s`
}

/** Formats octets as `61 MiB`. */
export function formatMemory(octets: number): string {
  return `${formatNumber(octets / 2 ** 20)} MiB`
}

/**
 * Formats a figure with its margin, such as `0.43 us ± 4%`: the distance to the wider end of the interval. A single
 * repetition has no margin.
 */
export function formatEstimate(
  estimate: Estimate,
  format: (value: number) => string = formatNumber,
): string {
  const value = format(estimate.value)
  return estimate.repetitions === 1 ? value : `${value} ${formatMargin(estimate)}`
}

/** Such as `±12%` or `± 4%`, so that columns stay aligned. */
export function formatMargin(estimate: Estimate): string {
  const percent = Math.round(relativeMargin(estimate) * 100)
  return `±${(percent < 1 ? '<1' : percent > 99 ? '>99' : String(percent)).padStart(2)}%`
}

/**
 * Formats a ratio with two decimals around 1, where two digits would hide differences: `0.97`, `1.04`, `2.3`, `34`.
 * Only an exact 1 is shown as 1.
 */
export function formatRatio(ratio: number, moreDigits = 0): string {
  if (ratio < 0.995 || ratio >= 1.995) return formatNumber(ratio, SIGNIFICANT + moreDigits)
  const enough = [2, 3, 4].find((decimals) => Number(ratio.toFixed(decimals)) !== 1) ?? 2
  return ratio.toFixed(Math.max(enough, 2 + moreDigits))
}

/** Formats the interval of a ratio, such as `0.97 to 1.04`, with another digit if both ends would look the same. */
export function formatInterval({ low, high }: Pick<Estimate, 'low' | 'high'>): string {
  const moreDigits = formatRatio(low) === formatRatio(high) ? 1 : 0
  return `${formatRatio(low, moreDigits)} to ${formatRatio(high, moreDigits)}`
}
