import type { Cell } from '../summary/cells'
import { type Column, columnsWithValues } from '../summary/columns'
import { placeColumns } from '../summary/place-columns'
import { rowName } from '../summary/row-name'
import { type PointGroup, toSections } from '../summary/sections'

/** The columns of a table, in their order, and those that it has no room for. */
export interface ChosenColumns {
  readonly columns: readonly Column[]
  readonly leftOut: readonly Column[]
}

/**
 * Chooses the columns that the tables of all scenarios have room for. The figure to compare by stays, and so does what is
 * needed.
 *
 * @param width how many characters a line has room for
 */
export function chooseColumns(cells: readonly Cell[], width: number): ChosenColumns {
  const all = columnsWithValues(cells)
  const [, ...others] = [...all].sort((one, other) => one.rank - other.rank)
  const expendable = others
    .filter(({ isNeeded }) => !cells.some((cell) => isNeeded?.(cell)))
    .reverse()
  const leftOut = new Set<Column>()
  const left = () => all.filter((column) => !leftOut.has(column))
  const sections = toSections(cells).map(({ groups }) => groups)
  const widest = () => Math.max(...sections.map((groups) => tableWidth(groups, left())))
  for (const column of expendable) {
    if (widest() <= width) break
    leftOut.add(column)
  }
  return { columns: left(), leftOut: all.filter((column) => leftOut.has(column)) }
}

/** The head of a column, a line for each word: the values are mostly shorter. */
export function headLines({ name }: Pick<Column, 'name'>): string[] {
  return name.split(' ')
}

/** How many characters a line of the table has: a rule and two spaces for each column, and the last rule. */
function tableWidth(groups: readonly PointGroup[], among: readonly Column[]): number {
  const cells = groups.flatMap((group) => group.cells)
  const columns = columnsWithValues(cells, among)
  const widths = [
    ...placeColumns(groups).map((column) =>
      widthOf([...headLines(column), ...groups.map(column.text)]),
    ),
    widthOf(['implementation', ...cells.map(rowName)]),
    ...columns.map((column) => widthOf([...headLines(column), ...cells.map(column.text)])),
  ]
  return widths.reduce((sum, each) => sum + each + 3, 1)
}

function widthOf(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length))
}
