import type { CustomSeriesOption } from 'echarts'

/** An interval drawn as a bar, and its position on the other axis. */
export interface Bar {
  readonly at: number
  readonly low: number
  readonly high: number
  /** Drawn as faint as what it belongs to. */
  readonly faint?: boolean | undefined
}

/** The interval of a value; zero and infinity if unknown. */
export interface MaybeInterval {
  readonly low?: number | undefined
  readonly high?: number | undefined
}

/** Leaves out what says nothing. */
export function barsOf(intervals: readonly (MaybeInterval & Pick<Bar, 'at' | 'faint'>)[]): Bar[] {
  return intervals.flatMap(({ at, low = 0, high = Number.POSITIVE_INFINITY, faint = false }) =>
    low > 0 && high < Number.POSITIVE_INFINITY ? [{ at, low, high, faint }] : [],
  )
}

/** The half width of a cap at the end of a bar, in pixels. */
const CAP = 4

/** Of bars, and of those that are faint. */
const OPACITY = 0.75
const FAINT_OPACITY = 0.3

/**
 * Draws intervals as bars with caps, vertical or horizontal, clipped to the axes.
 *
 * @param along the axis that they are on
 * @param aside how far they are drawn beside their place, in pixels: bars of several lines at one place would hide each other
 */
export function errorBars(
  bars: readonly Bar[],
  color: string,
  along: 'x' | 'y',
  aside = 0,
): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    clip: true,
    // Behind the lines and their symbols.
    z: 1,
    data: bars.map(({ at, low, high, faint }) => [
      at,
      low,
      high,
      faint === true ? FAINT_OPACITY : OPACITY,
    ]),
    encode: along === 'y' ? { x: 0, y: [1, 2] } : { x: [1, 2], y: 0 },
    renderItem(_, api) {
      const at = api.value(0)
      const opacity = Number(api.value(3))
      const end = (value: number | string): [number, number] => {
        const [x, y] = api.coord(along === 'y' ? [at, value] : [value, at]) as [number, number]
        return along === 'y' ? [x + aside, y] : [x, y + aside]
      }
      const ends = [end(api.value(1)), end(api.value(2))]
      const across = along === 'y' ? [CAP, 0] : [0, CAP]
      const stroke = (from: readonly number[], to: readonly number[]) => ({
        type: 'line' as const,
        shape: { x1: from[0]!, y1: from[1]!, x2: to[0]!, y2: to[1]! },
        style: { stroke: color, lineWidth: 1.5, opacity },
      })
      const cap = ([x, y]: [number, number]) =>
        stroke([x - across[0]!, y - across[1]!], [x + across[0]!, y + across[1]!])
      return { type: 'group', children: [stroke(ends[0]!, ends[1]!), ...ends.map(cap)] }
    },
  }
}

/**
 * The values that an axis should include: the points, and their intervals where these reach no further than half or
 * twice the value. A single wide interval would otherwise compress all others.
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
