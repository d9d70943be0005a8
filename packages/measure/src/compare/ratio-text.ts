import type { Estimate } from '../statistics/estimate'
import { formatTime } from '../summary/numbers'
import type { Figure } from './comparison'

/*
 * Ratios and figures with their intervals, in two digits that count.
 */

/** From here on people think in times, below in per cent. */
const TIMES = 2

/** A ratio as `+5.2 % (+1.1 to +9.4 %)` or `3.1x (2.8 to 3.4)`. */
export function ratioText(ratio: Estimate): string {
  const { value, low, high } = ratio
  if (value >= TIMES || value <= 1 / TIMES) {
    return `${twoDigits(value)}x (${twoDigits(low)} to ${upperBound(high, twoDigits)})`
  }
  const signed = (one: number) => signedPercent(one - 1)
  return `${signed(value)} % (${signed(low)} to ${upperBound(high, signed)} %)`
}

/** A part as `5 %` or `0.25 %`. */
export function percentText(part: number): string {
  return `${Number((part * 100).toPrecision(3))} %`
}

/** A figure as `2.1 us (2.0 to 2.2)`. */
export function figureText(figure: Figure, { value, low, high }: Estimate): string {
  const bounds = `(${twoDigits(low)} to ${upperBound(high, twoDigits)})`
  if (figure === 'requestsPerSecond') return `${twoDigits(value)} ${bounds}`
  // All three in the unit that fits the value.
  const [, unit] = formatTime(value).split(' ')
  const scale = unit === 's' ? 1e6 : unit === 'ms' ? 1e3 : 1
  const scaled = (one: number) => twoDigits(one / scale)
  return `${scaled(value)} ${unit} (${scaled(low)} to ${upperBound(high, scaled)})`
}

function upperBound(value: number, text: (value: number) => string): string {
  return value === Number.POSITIVE_INFINITY ? 'any' : text(value)
}

/** As `+5.2`, `-0.31`, `+12`; a change of less than a hundredth of a per cent is none. */
function signedPercent(part: number): string {
  const percent = part * 100
  if (Math.abs(percent) < 0.01) return '0'
  return `${percent < 0 ? '-' : '+'}${twoDigits(Math.abs(percent))}`
}

/** As `0.48`, `2.1`, `35`, `120,000`. */
function twoDigits(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))))
  return Number(value.toPrecision(2)).toLocaleString('en-US', {
    minimumFractionDigits: Math.min(digits, 4),
    maximumFractionDigits: Math.min(digits, 4),
  })
}
