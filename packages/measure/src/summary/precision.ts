import { relativeMargin } from '../statistics/estimate'
import type { Cell } from './cells'

/** How well the ratios to the baseline are known. */
export interface Precision {
  /** How far the narrowest and the widest interval reach, as parts: 0.05 is 5 %. Infinite from a single repetition. */
  readonly narrowest: number
  readonly widest: number
  /** How many ratios there are. */
  readonly ratios: number
  /** Those whose interval is wider than was wanted, the widest first. */
  readonly missed: readonly Cell[]
}

/**
 * Says how well the ratios to the baseline are known.
 *
 * @param wanted how far an interval may reach, as a part
 * @returns undefined if there is no ratio
 */
export function precisionOf(
  cells: readonly Cell[],
  wanted = Number.POSITIVE_INFINITY,
): Precision | undefined {
  const known = cells
    .flatMap((cell) =>
      cell.vsBaseline === null ? [] : [{ cell, margin: relativeMargin(cell.vsBaseline) }],
    )
    .sort((one, other) => other.margin - one.margin)
  if (known.length === 0) return undefined
  return {
    narrowest: known.at(-1)!.margin,
    widest: known[0]!.margin,
    ratios: known.length,
    missed: known.flatMap(({ cell, margin }) => (margin > wanted ? [cell] : [])),
  }
}

/** A part as `±5%` or `±0.8%`, `unknown` where a single repetition says nothing. */
export function formatPart(part: number): string {
  if (part === Number.POSITIVE_INFINITY) return 'unknown'
  const percent = part * 100
  return `±${percent < 10 ? Number(percent.toPrecision(2)) : Math.round(percent)}%`
}
