import type { Cell } from '../summary/cells'
import { type Column, columnsWithValues } from '../summary/columns'
import { rowName } from '../summary/row-name'

/** The columns of a table, in their order, and those that it has no room for. */
export interface ChosenColumns {
  readonly columns: readonly Column[]
  readonly leftOut: readonly Column[]
}

/**
 * Chooses the columns that a table has room for. A column that tells of a fault stays.
 *
 * @param width how many characters a line has room for
 */
export function chooseColumns(cells: readonly Cell[], width: number): ChosenColumns {
  const all = columnsWithValues(cells)
  const expendable = all
    .filter(({ tone }) => !cells.some((cell) => tone?.(cell) === 'fault'))
    .sort((one, other) => other.rank - one.rank)
  const leftOut = new Set<Column>()
  const left = () => all.filter((column) => !leftOut.has(column))
  for (const column of expendable) {
    if (tableWidth(cells, left()) <= width) break
    leftOut.add(column)
  }
  return { columns: left(), leftOut: all.filter((column) => leftOut.has(column)) }
}

/** The head of a column, a line for each word: the values are mostly shorter. */
export function headLines({ name }: Column): string[] {
  return name.split(' ')
}

/** How many characters a line of the table has: a rule and two spaces for each column, and the last rule. */
function tableWidth(cells: readonly Cell[], columns: readonly Column[]): number {
  const widths = [
    widthOf(['streams', ...cells.map(({ streams }) => String(streams))]),
    widthOf(['implementation', ...cells.map(rowName)]),
    ...columns.map((column) => widthOf([...headLines(column), ...cells.map(column.text)])),
  ]
  return widths.reduce((sum, each) => sum + each + 3, 1)
}

function widthOf(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length))
}
