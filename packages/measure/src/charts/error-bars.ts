import type { CustomSeriesOption } from 'echarts'

/** An interval that is drawn as a bar, at a place on the other axis. */
export interface Bar {
  readonly at: number
  readonly low: number
  readonly high: number
}

/** How far a value may be off; zero and infinity where nothing is known of that. */
export interface MaybeInterval {
  readonly low?: number | undefined
  readonly high?: number | undefined
}

/** Leaves out what says nothing. */
export function barsOf(intervals: readonly (MaybeInterval & { readonly at: number })[]): Bar[] {
  return intervals.flatMap(({ at, low = 0, high = Number.POSITIVE_INFINITY }) =>
    low > 0 && high < Number.POSITIVE_INFINITY ? [{ at, low, high }] : [],
  )
}

/** In pixels, of the strokes that end a bar. */
const CAP = 4

/**
 * Draws intervals as bars with caps, vertical or horizontal. What does not fit the axes is cut off.
 *
 * @param along the axis that they are on
 */
export function errorBars(
  bars: readonly Bar[],
  color: string,
  along: 'x' | 'y',
): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: true,
    // Below the lines and their symbols.
    z: 1,
    data: bars.map(({ at, low, high }) => [at, low, high]),
    encode: along === 'y' ? { x: 0, y: [1, 2] } : { x: [1, 2], y: 0 },
    renderItem(_, api) {
      const at = api.value(0)
      const end = (value: number | string) =>
        api.coord(along === 'y' ? [at, value] : [value, at]) as [number, number]
      const ends = [end(api.value(1)), end(api.value(2))]
      const across = along === 'y' ? [CAP, 0] : [0, CAP]
      const stroke = (from: readonly number[], to: readonly number[]) => ({
        type: 'line' as const,
        shape: { x1: from[0]!, y1: from[1]!, x2: to[0]!, y2: to[1]! },
        style: { stroke: color, lineWidth: 1.5, opacity: 0.75 },
      })
      const cap = ([x, y]: [number, number]) =>
        stroke([x - across[0]!, y - across[1]!], [x + across[0]!, y + across[1]!])
      return { type: 'group', children: [stroke(ends[0]!, ends[1]!), ...ends.map(cap)] }
    },
  }
}

/**
 * What an axis should have room for: the values, and their intervals as far as those are no wider than twice or half of
 * them. A single wild one would press all others together.
 */
export function valuesToShow(
  points: readonly (MaybeInterval & { readonly value: number })[],
): number[] {
  return points.flatMap(({ value, low = value, high = value }) => [
    value,
    Math.max(low, value / 2),
    Math.min(high, value * 2),
  ])
}
