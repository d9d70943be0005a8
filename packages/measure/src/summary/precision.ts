import { BASELINE } from '../implementations/baseline'
import { type Estimate, relativeMargin } from '../statistics/estimate'
import type { Cell } from './cells'
import { pointName } from './points'

/** The precision of a row: of its ratio to the baseline, or of the figure itself without a baseline. */
export interface RowPrecision {
  readonly cell: Cell
  readonly of: 'ratio' | 'figure'
  readonly estimate: Estimate
  /** The margin of the interval as a fraction of the value: 0.05 is 5 %. Infinite for a single repetition. */
  readonly margin: number
}

/** The precision of all rows, in order. If others are compared with the baseline, the baseline has no row. */
export function precisionOf(cells: readonly Cell[]): RowPrecision[] {
  const compared = new Set(
    cells.filter(({ implementation }) => implementation !== BASELINE).map(pointName),
  )
  return cells.flatMap((cell) => {
    if (cell.implementation === BASELINE && compared.has(pointName(cell))) return []
    // Requests per second if the server's CPU time is unknown.
    const figure = cell.serverCpuPerRequest ?? cell.requestsPerSecond
    const known = cell.vsBaseline ?? figure
    if (known === null) return []
    const of = cell.vsBaseline === null ? 'figure' : 'ratio'
    return [{ cell, of, estimate: known, margin: relativeMargin(known) }]
  })
}
