import type { Random } from '../statistics/random'
import type { LoadPart } from './plan'

type OpenLoop = Extract<LoadPart['loop'], { kind: 'open' }>

/** The times when requests are due, one after another. */
export interface Arrivals {
  /** Returns when the next request is due, in seconds since the beginning. Infinity after the last. */
  next(): number
  /**
   * Returns how many of the remaining requests are due by a time, in seconds. Random ones are consumed by this, and
   * only estimated beyond {@link MOST_COUNTED}.
   */
  countUntil(seconds: number): number
}

/** Counting this many random arrivals takes a tenth of a second. */
export const MOST_COUNTED = 1e6

/**
 * Plans the arrivals of an open loop. With constant arrivals, a request is due whenever the integral of the rate over
 * time reaches an integer. With Poisson arrivals, the steps of the integral are exponentially distributed.
 */
export function planArrivals(
  { rate, arrivals }: OpenLoop,
  until: LoadPart['until'],
  random: Random,
): Arrivals {
  const duration = until.kind === 'time' ? until.seconds : durationOf(rate, until.requests)
  const most = until.kind === 'time' ? Number.POSITIVE_INFINITY : until.requests
  const step = arrivals === 'constant' ? () => 1 : () => -Math.log(1 - random())
  let planned = 0
  // The first constant arrival is due immediately.
  let sum = arrivals === 'constant' ? 0 : step()
  return {
    next() {
      const at = timeAt(sum)
      if (at === Number.POSITIVE_INFINITY) return at
      planned++
      sum += step()
      return at
    },
    countUntil(seconds) {
      return arrivals === 'constant' ? countConstant(seconds) : countRandom(seconds)
    },
  }

  /** When the integral of the rate reaches `at`. Infinity after the last request. */
  function timeAt(at: number): number {
    if (planned >= most) return Number.POSITIVE_INFINITY
    const time = timeOf(at, rate, duration)
    return until.kind === 'time' && time >= duration ? Number.POSITIVE_INFINITY : time
  }

  /** The integral, except for rounding at the last arrival. */
  function countConstant(seconds: number): number {
    const left = most - planned
    const summed = Math.floor(sumUntil(Math.min(seconds, duration)))
    let count = Math.min(left, Math.max(0, summed - sum))
    while (count > 0 && timeAt(sum + count - 1) > seconds) count--
    while (count < left && timeAt(sum + count) <= seconds) count++
    return count
  }

  function countRandom(seconds: number): number {
    let count = 0
    while (count < MOST_COUNTED && timeAt(sum) <= seconds) {
      count++
      planned++
      sum += step()
    }
    if (count < MOST_COUNTED) return count
    const rest = Math.max(0, Math.round(sumUntil(Math.min(seconds, duration)) - sum))
    return Math.min(count + rest, most - planned + count)
  }

  /** The integral of the rate up to a time, in seconds. */
  function sumUntil(seconds: number): number {
    const { from, to } = rate
    return from * seconds + ((to - from) * seconds * seconds) / (2 * duration)
  }
}

/** How long it takes until this many requests are due, in seconds. */
function durationOf({ from, to }: OpenLoop['rate'], requests: number): number {
  return requests / ((from + to) / 2)
}

/**
 * Returns when this many requests are due. For a ramp, that is where the area below it, `from * t + (to - from) * t *
 * t / (2 * duration)`, equals `sum`. After its end, a ramp continues at its last rate.
 */
function timeOf(sum: number, { from, to }: OpenLoop['rate'], duration: number): number {
  const all = ((from + to) / 2) * duration
  if (sum >= all) return duration + (sum - all) / to
  const slope = (to - from) / duration
  // This form of the quadratic formula is accurate even if the slope is near 0.
  return (2 * sum) / (from + Math.sqrt(from * from + 2 * slope * sum))
}
