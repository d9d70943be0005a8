import type { Estimate } from '../statistics/estimate'
import { formatNumber, formatTime } from '../summary/numbers'
import type { Figure } from './comparison'

/*
 * Formats ratios and figures with their intervals, with two significant digits.
 */

/** Ratios from here on are shown as factors, smaller ones in percent. */
const TIMES = 2

/** Formats a ratio as `+5.2 % (+1.1 to +9.4 %)` or `3.1x (2.8 to 3.4)`. */
export function ratioText(ratio: Estimate): string {
  const { value, low, high } = ratio
  if (value >= TIMES || value <= 1 / TIMES) {
    return `${formatNumber(value)}x (${formatNumber(low)} to ${upperBound(high, formatNumber)})`
  }
  const signed = (one: number) => signedPercent(one - 1)
  return `${signed(value)} % (${signed(low)} to ${upperBound(high, signed)} %)`
}

/** Formats a fraction as `5 %` or `0.25 %`. */
export function percentText(part: number): string {
  return `${Number((part * 100).toPrecision(3))} %`
}

/** Formats a figure as `2.1 us (2.0 to 2.2)`. */
export function figureText(figure: Figure, { value, low, high }: Estimate): string {
  const bounds = `(${formatNumber(low)} to ${upperBound(high, formatNumber)})`
  if (figure === 'requestsPerSecond') return `${formatNumber(value)} ${bounds}`
  // All three use the unit that fits the value.
  const [, unit] = formatTime(value).split(' ')
  const scale = unit === 's' ? 1e6 : unit === 'ms' ? 1e3 : 1
  const scaled = (one: number) => formatNumber(one / scale)
  return `${scaled(value)} ${unit} (${scaled(low)} to ${upperBound(high, scaled)})`
}

function upperBound(value: number, text: (value: number) => string): string {
  return value === Number.POSITIVE_INFINITY ? 'any' : text(value)
}

/** Such as `+5.2`, `-0.31`, `+12`. Less than a hundredth of a percent is shown as 0. */
function signedPercent(part: number): string {
  const percent = part * 100
  if (Math.abs(percent) < 0.01) return '0'
  return `${percent < 0 ? '-' : '+'}${formatNumber(Math.abs(percent))}`
}
