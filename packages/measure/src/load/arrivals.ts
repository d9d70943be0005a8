import type { Random } from '../statistics/random'
import type { LoadPart } from './plan'

type OpenLoop = Extract<LoadPart['loop'], { kind: 'open' }>

/** When requests are due, one after another. */
export interface Arrivals {
  /** Returns when the next is due, in seconds since the beginning, or Infinity after the last. */
  next(): number
}

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
      if (planned >= most) return Number.POSITIVE_INFINITY
      const at = timeOf(sum, rate, duration)
      if (until.kind === 'time' && at >= duration) return Number.POSITIVE_INFINITY
      planned++
      sum += step()
      return at
    },
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
