import { type Estimate, relativeMargin } from '../statistics/estimate'

/*
 * Numbers as people read them: as many digits as they can vouch for, and a unit that fits.
 */

/** More digits than this say nothing that the next run would say again. */
const SIGNIFICANT = 2

/** A measured figure, as `120,000` or `0.27`. */
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

/** What was counted, with all its digits, as `1,234`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
}

/** Microseconds as `270 us`, `8.2 ms` or `1.0 s`. */
export function formatTime(microseconds: number): string {
  const rounded = Number(microseconds.toPrecision(SIGNIFICANT))
  if (rounded < 1000) return `${formatNumber(rounded)} us`
  if (rounded < 1e6) return `${formatNumber(rounded / 1000)} ms`
  return `${formatNumber(rounded / 1e6)} s`
}

/** Octets as `61 MiB`. */
export function formatMemory(octets: number): string {
  return `${formatNumber(octets / 2 ** 20)} MiB`
}

/**
 * A figure with its spread, as `0.43 us ± 4%`: the interval reaches so far on its wider side. From a single repetition
 * nothing is known of that, and nothing is said.
 */
export function formatEstimate(
  estimate: Estimate,
  format: (value: number) => string = formatNumber,
): string {
  const value = format(estimate.value)
  return estimate.repetitions === 1 ? value : `${value} ${formatMargin(estimate)}`
}

/** As `±12%` or `± 4%`, so that columns of them stay straight. */
export function formatMargin(estimate: Estimate): string {
  const percent = Math.round(relativeMargin(estimate) * 100)
  return `±${(percent < 1 ? '<1' : percent > 99 ? '>99' : String(percent)).padStart(2)}%`
}

/**
 * How many times one figure another is. Two digits would hide what is to be seen around 1, so there are two decimals:
 * `0.97`, `1.04`, `2.3`, `34`. What is not 1 is not shown as 1.
 */
export function formatRatio(ratio: number, moreDigits = 0): string {
  if (ratio < 0.995 || ratio >= 1.995) return formatNumber(ratio, SIGNIFICANT + moreDigits)
  const enough = [2, 3, 4].find((decimals) => Number(ratio.toFixed(decimals)) !== 1) ?? 2
  return ratio.toFixed(Math.max(enough, 2 + moreDigits))
}

/** The interval of a ratio, as `0.97 to 1.04`; with a digit more where both ends would look the same. */
export function formatInterval({ low, high }: Pick<Estimate, 'low' | 'high'>): string {
  const moreDigits = formatRatio(low) === formatRatio(high) ? 1 : 0
  return `${formatRatio(low, moreDigits)} to ${formatRatio(high, moreDigits)}`
}
