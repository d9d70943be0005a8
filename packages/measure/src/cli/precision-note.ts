import { BASELINE } from '../implementations/baseline'
import { toCells } from '../summary/cells'
import { pointTitle } from '../summary/point-title'
import { precisionOf, type RowPrecision } from '../summary/precision'
import { rowName } from '../summary/row-name'
import type { Trial } from '../trial/trial'
import type { RepetitionPlan } from './repetition-settings'

/**
 * Describes the precision that the repetitions reached, and the rows that missed the requested one.
 *
 * @returns lines; none if nothing was measured
 */
export function precisionLines(trials: readonly Trial[], plan: RepetitionPlan): string[] {
  const rows = precisionOf(toCells(trials))
  if (rows.length === 0) return []
  const repetitions = rows.map(({ estimate }) => estimate.repetitions)
  const most = Math.max(...repetitions)
  const wanted = plan.kind === 'budget' ? plan.precision : undefined
  const what = rows.every(({ of }) => of === 'ratio') ? `ratios to ${BASELINE}` : 'figures'
  if (most === 1)
    return [`Precision: unknown, since each point was measured once: ${what} have no interval.`]
  const margins = rows.map(({ margin }) => margin)
  const made = rangeOf(Math.min(...repetitions), most)
  return [
    `Precision: after ${made} repetitions ${what} are known to within ${marginRange(margins)} (95 % intervals).`,
    ...(wanted === undefined ? [] : missedLines(rows, wanted)),
  ]
}

function missedLines(rows: readonly RowPrecision[], wanted: number): string[] {
  const missed = rows.filter(({ margin }) => margin > wanted)
  if (missed.length === 0) return [`All are within the ${percent(wanted)} asked for.`]
  const names = missed.map(
    ({ cell, margin }) => `  ${rowName(cell)}, ${pointTitle(cell)}: ${percent(margin)}`,
  )
  return [`Not within the ${percent(wanted)} asked for when the budget was over:`, ...names]
}

function marginRange(margins: readonly number[]): string {
  const least = percent(Math.min(...margins))
  const most = percent(Math.max(...margins))
  return least === most ? most : `${least} to ${most}`
}

function rangeOf(least: number, most: number): string {
  return least === most ? String(most) : `${least} to ${most}`
}

/**
 * Formats a fraction such as `5 %`, with two significant digits. An interval wider than the figure itself means
 * unknown.
 */
function percent(part: number): string {
  if (part > 1) return 'more than 100 %'
  const value = part * 100
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} %`
}
