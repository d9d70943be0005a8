import type { Random } from '../statistics/random'
import type { LoadPart } from './plan'

type OpenLoop = Extract<LoadPart['loop'], { kind: 'open' }>

/** When requests are due, one after another. */
export interface Arrivals {
  /** Returns when the next is due, in seconds since the beginning, or Infinity after the last. */
  next(): number
  /**
   * Returns how many of those that {@link next} has yet to return are due by a time, in seconds. Of random ones it
   * passes over those that it counts, and only estimates what is beyond {@link MOST_COUNTED}.
   */
  countUntil(seconds: number): number
}

/** So many random arrivals are counted in a tenth of a second. */
export const MOST_COUNTED = 1e6

/**
 * Plans the arrivals of an open loop. With constant arrivals each comes when the rate, summed up over time, has
 * reached the next integer; with Poisson arrivals the steps of that sum are random, exponentially distributed.
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
  // The first of constant arrivals comes at once.
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

  /** When the request is due at which the rate sums up to `at`; Infinity behind the last. */
  function timeAt(at: number): number {
    if (planned >= most) return Number.POSITIVE_INFINITY
    const time = timeOf(at, rate, duration)
    return until.kind === 'time' && time >= duration ? Number.POSITIVE_INFINITY : time
  }

  /** The sum tells it but for roundings at the last one. */
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

  /** How many requests the rate sums up to by a time, in seconds. */
  function sumUntil(seconds: number): number {
    const { from, to } = rate
    return from * seconds + ((to - from) * seconds * seconds) / (2 * duration)
  }
}

/** How long it takes until so many requests are due, in seconds. */
function durationOf({ from, to }: OpenLoop['rate'], requests: number): number {
  return requests / ((from + to) / 2)
}

/**
 * Returns when so many requests have become due: of a ramp that is where the area below it,
 * `from * t + (to - from) * t * t / (2 * duration)`, is `sum`. Beyond its end the ramp goes on at its last rate.
 */
function timeOf(sum: number, { from, to }: OpenLoop['rate'], duration: number): number {
  const all = ((from + to) / 2) * duration
  if (sum >= all) return duration + (sum - all) / to
  const slope = (to - from) / duration
  // The solution of the quadratic equation that stays exact where the slope is near 0.
  return (2 * sum) / (from + Math.sqrt(from * from + 2 * slope * sum))
}
