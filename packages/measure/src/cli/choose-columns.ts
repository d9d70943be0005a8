import type { Cell } from '../summary/cells'
import { type Column, columnsWithValues } from '../summary/columns'
import { placeColumns } from '../summary/place-columns'
import { rowName } from '../summary/row-name'
import { type PointGroup, toSections } from '../summary/sections'

/** The columns of a table, in order, and those that do not fit. */
export interface ChosenColumns {
  readonly columns: readonly Column[]
  readonly leftOut: readonly Column[]
}

/**
 * Chooses the columns that fit the tables of all scenarios, by importance. The main figure and needed columns are
 * always included.
 *
 * @param width the width of a line, in characters
 */
export function chooseColumns(cells: readonly Cell[], width: number): ChosenColumns {
  const all = columnsWithValues(cells)
  const isOpen = cells.every(({ offeredRate }) => offeredRate !== null)
  const rankOf = ({ rank, openRank = rank }: Column) => (isOpen ? openRank : rank)
  const [first, ...others] = [...all].sort((one, other) => rankOf(one) - rankOf(other))
  const isNeeded = ({ isNeeded }: Column) => cells.some((cell) => isNeeded?.(cell))
  const chosen = new Set(all.filter((column) => column === first || isNeeded(column)))
  const sections = toSections(cells).map(({ groups }) => groups)
  const hasRoom = (columns: readonly Column[]) =>
    sections.every((groups) => tableWidth(groups, columns) <= width)
  for (const column of others) {
    if (hasRoom(all.filter((one) => one === column || chosen.has(one)))) chosen.add(column)
  }
  return {
    columns: all.filter((column) => chosen.has(column)),
    leftOut: all.filter((column) => !chosen.has(column)),
  }
}

/** The heading of a column with a line for each word, because most values are shorter. */
export function headLines({ name }: Pick<Column, 'name'>): string[] {
  return name.split(' ')
}

/** The width of the table in characters: a rule and two spaces for each column, and the last rule. */
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
