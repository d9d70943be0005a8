import type { Cell } from '../summary/cells'

/** What a chart says of the repetitions behind its points, as `3 repetitions of 2 s, bars: 95% intervals`. */
export function repetitionsText(cells: readonly Cell[], seconds: number): string {
  const most = Math.max(...cells.map(({ completed }) => completed))
  return most === 1
    ? `one repetition of ${seconds} s, so no spread`
    : `${most} repetitions of ${seconds} s, bars: 95% intervals`
}
