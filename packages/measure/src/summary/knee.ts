import type { Estimate } from '../statistics/estimate'

/** The result of a server at a rate. */
export interface RatePoint {
  /** The offered requests per second. */
  readonly rate: number
  /** Microseconds from when a request was due; null if unknown. */
  readonly p99: Pick<Estimate, 'value' | 'low' | 'high'> | null
  /** Whether requests were left over, or their latency kept growing. */
  readonly overloaded: boolean
  /**
   * Whether the generator was busy all the time. Then a bad result may be its own and says nothing about the server.
   */
  readonly byGenerator: boolean
}

/** The highest rate at which a server responds quickly. */
export type Knee =
  /** A higher rate was too much for it. */
  | { readonly kind: 'found'; readonly rate: number }
  /** It did well at the highest meaningful rate, so the knee is there or beyond. */
  | { readonly kind: 'not-reached'; readonly rate: number }
  /** It did not do well even at this, the lowest rate. */
  | { readonly kind: 'below'; readonly rate: number }

/** How many times the p99 of an idle server still counts as quick. */
export const KNEE_FACTOR = 5

/** Latencies up to this always count as quick, in microseconds. Below, timers matter more than queues. */
export const SOON = 1000

/**
 * Finds the knee of a server: the highest rate at which no requests were left over and 99 of 100 requests took at
 * most {@link KNEE_FACTOR} times as long as at the rate where they were fastest, or {@link SOON}, whichever is
 * longer.
 *
 * @param points of one server, in any order
 * @returns undefined if no point is meaningful
 */
export function findKnee(points: readonly RatePoint[]): Knee | undefined {
  return kneeBy(points, 'value')
}

/** The range of the knee, according to the intervals of p99. */
export interface KneeRange {
  /** The highest rate at which p99 is certainly quick; 0 if there is none. */
  readonly low: number
  /** The highest rate at which p99 may be quick; Infinity if this includes the highest of all. */
  readonly high: number
}

/** Returns undefined for a single repetition, which has no spread. */
export function kneeRange(points: readonly RatePoint[]): KneeRange | undefined {
  if (points.some(({ p99 }) => p99?.high === Number.POSITIVE_INFINITY)) return undefined
  const [surely, maybe] = [kneeBy(points, 'high'), kneeBy(points, 'low')]
  if (surely === undefined || maybe === undefined) return undefined
  return {
    low: surely.kind === 'below' ? 0 : surely.rate,
    high: maybe.kind === 'not-reached' ? Number.POSITIVE_INFINITY : maybe.rate,
  }
}

/** @param end the end of the intervals that has to be quick */
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
