/** What a server did at one rate. */
export interface RatePoint {
  /** Requests a second that were offered. */
  readonly rate: number
  /** Microseconds from when a request was due; null: it isn't known. */
  readonly p99: number | null
  /**
   * `kept-up`: the server answered all there was to answer. `overloaded`: requests were left over. `untold`: the
   * generator could not make this load, so the point says nothing about the server.
   */
  readonly state: 'kept-up' | 'overloaded' | 'untold'
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
  const told = points
    .filter(({ p99, state }) => state === 'overloaded' || (state === 'kept-up' && p99 !== null))
    .sort((one, other) => one.rate - other.rate)
  const lowest = told[0]
  if (lowest === undefined) return undefined
  const limit = longestSoon(told)
  const isSoon = ({ p99, state }: RatePoint) => state === 'kept-up' && p99! <= limit
  const knee = told.findLast(isSoon)
  if (knee === undefined) return { kind: 'below', rate: lowest.rate }
  return { kind: knee === told.at(-1) ? 'not-reached' : 'found', rate: knee.rate }
}

/** In microseconds. */
function longestSoon(points: readonly RatePoint[]): number {
  const times = points.flatMap(({ p99, state }) => (state === 'kept-up' ? [p99!] : []))
  return Math.max(KNEE_FACTOR * Math.min(...times), SOON)
}
