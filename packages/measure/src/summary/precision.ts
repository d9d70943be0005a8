import { BASELINE } from '../implementations/baseline'
import { type Estimate, relativeMargin } from '../statistics/estimate'
import type { Cell } from './cells'
import { pointName } from './points'

/** How well a figure of one row is known: its ratio to the baseline, or without a baseline the figure itself. */
export interface RowPrecision {
  readonly cell: Cell
  readonly of: 'ratio' | 'figure'
  readonly estimate: Estimate
  /** How far the interval reaches from its value, as a part of it: 0.05 is 5 %. Infinite from a single repetition. */
  readonly margin: number
}

/**
 * Tells how well the figures of all rows are known, in their order. Where others are compared with the baseline it has no
 * row of its own.
 */
export function precisionOf(cells: readonly Cell[]): RowPrecision[] {
  const compared = new Set(
    cells.filter(({ implementation }) => implementation !== BASELINE).map(pointName),
  )
  return cells.flatMap((cell) => {
    if (cell.implementation === BASELINE && compared.has(pointName(cell))) return []
    // Of a server whose CPU time is unknown, how many requests a second.
    const figure = cell.serverCpuPerRequest ?? cell.requestsPerSecond
    const known = cell.vsBaseline ?? figure
    if (known === null) return []
    const of = cell.vsBaseline === null ? 'figure' : 'ratio'
    return [{ cell, of, estimate: known, margin: relativeMargin(known) }]
  })
}
