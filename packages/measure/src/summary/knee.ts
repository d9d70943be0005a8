import type { Estimate } from '../statistics/estimate'

/** What a server did at one rate. */
export interface RatePoint {
  /** Requests a second that were offered. */
  readonly rate: number
  /** Microseconds from when a request was due; null: it isn't known. */
  readonly p99: Pick<Estimate, 'value' | 'low' | 'high'> | null
  /** Whether requests were left over, or their times grew on and on. */
  readonly overloaded: boolean
  /** Whether the generator was busy all the time: a bad result is its own then, and says nothing about the server. */
  readonly byGenerator: boolean
}

/** Up to which rate a server answers soon. */
export type Knee =
  /** A higher rate was too much for it. */
  | { readonly kind: 'found'; readonly rate: number }
  /** It did well at the highest rate that says something about it: the knee is there or beyond. */
  | { readonly kind: 'not-reached'; readonly rate: number }
  /** It did not even do well at this, the lowest rate. */
  | { readonly kind: 'below'; readonly rate: number }

/** How many times the p99 of an idle server is still soon. */
export const KNEE_FACTOR = 5

/** Microseconds that are soon whatever an idle server takes: less is a matter of timers, not of queues. */
export const SOON = 1000

/**
 * Finds the knee of a server: the highest rate at which it left nothing over and 99 of 100 requests took at most
 * {@link KNEE_FACTOR} times as long as at the rate where they took least, or {@link SOON}, whichever is longer.
 *
 * @param points of one server, in any order
 * @returns undefined if no point says anything
 */
export function findKnee(points: readonly RatePoint[]): Knee | undefined {
  return kneeBy(points, 'value')
}

/** Between which rates the knee is, as far as the intervals of p99 tell. */
export interface KneeRange {
  /** The highest rate at which p99 is surely soon; 0 if that holds for none. */
  readonly low: number
  /** The highest rate at which it may be; Infinity if that holds for the highest of all. */
  readonly high: number
}

/** Returns undefined where a single repetition tells nothing of its spread. */
export function kneeRange(points: readonly RatePoint[]): KneeRange | undefined {
  if (points.some(({ p99 }) => p99?.high === Number.POSITIVE_INFINITY)) return undefined
  const [surely, maybe] = [kneeBy(points, 'high'), kneeBy(points, 'low')]
  if (surely === undefined || maybe === undefined) return undefined
  return {
    low: surely.kind === 'below' ? 0 : surely.rate,
    high: maybe.kind === 'not-reached' ? Number.POSITIVE_INFINITY : maybe.rate,
  }
}

/** @param end which end of the intervals has to be soon */
function kneeBy(points: readonly RatePoint[], end: 'value' | 'low' | 'high'): Knee | undefined {
  const limit = longestSoon(points)
  const isSoon = ({ p99, overloaded }: RatePoint) =>
    !overloaded && p99 !== null && p99[end] <= limit
  const told = points
    .filter((point) => point.overloaded || point.p99 !== null)
    .filter((point) => isSoon(point) || !point.byGenerator)
    .sort((one, other) => one.rate - other.rate)
  const lowest = told[0]
  if (lowest === undefined) return undefined
  const knee = told.findLast(isSoon)
  if (knee === undefined) return { kind: 'below', rate: lowest.rate }
  return { kind: knee === told.at(-1) ? 'not-reached' : 'found', rate: knee.rate }
}

/** In microseconds. */
function longestSoon(points: readonly RatePoint[]): number {
  const times = points.flatMap(({ p99, overloaded }) =>
    overloaded || p99 === null ? [] : [p99.value],
  )
  return Math.max(KNEE_FACTOR * Math.min(...times), SOON)
}
