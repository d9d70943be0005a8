import Table from 'cli-table3'
import type { Colors } from 'picocolors/types'
import { BASELINE } from '../implementations/baseline'
import type { Cell } from '../summary/cells'
import { type Column, columnsWithValues } from '../summary/columns'
import { placeColumns } from '../summary/place-columns'
import { pointTitle } from '../summary/point-title'
import { rowName } from '../summary/row-name'
import { scenarioTitle } from '../summary/scenario-title'
import { type PointGroup, type Section, toSections } from '../summary/sections'
import { chooseColumns, headLines } from './choose-columns'
import { wrapped } from './wrapped'

/** How to show a table. */
export interface TableOptions {
  readonly colors: Colors
  /** The width of a line in characters. Infinity if unlimited. */
  readonly width: number
  /** The command that shows all columns. */
  readonly wideCommand: string
}

/**
 * Formats cells for a terminal: a table for each scenario, grouped by number of streams, with a line for each
 * implementation. Columns without a value and columns that do not fit are left out.
 */
export function resultsTable(cells: readonly Cell[], options: TableOptions): string {
  const { columns, leftOut } = chooseColumns(cells, options.width)
  const sections = toSections(cells).map((section) => sectionText(section, columns, options))
  const { colors, width } = options
  const lines = [
    ...failureLines(cells).map((text) => ({ text, paint: colors.red })),
    ...repeatLines(cells).map((text) => ({ text, paint: colors.yellow })),
    ...notes(cells, columns).map((text) => ({ text, paint: colors.dim })),
    ...leftOutLines(leftOut, options).map((text) => ({ text, paint: colors.yellow })),
  ]
  const texts = lines.flatMap(({ text, paint }) => wrapped(text, width).map((one) => paint(one)))
  return [...sections, ...texts].join('\n')
}

function sectionText(
  { scenario, groups }: Section,
  columns: readonly Column[],
  { colors }: TableOptions,
): string {
  const shown = columnsWithValues(
    groups.flatMap(({ cells }) => cells),
    columns,
  )
  const places = placeColumns(groups)
  const heads = [...places, { name: 'implementation' }, ...shown]
  const table = new Table({
    head: heads.map((column) => colors.bold(headLines(column).join('\n'))),
    colAligns: [
      ...places.map(() => 'right' as const),
      'left',
      ...shown.map(() => 'right' as const),
    ],
    // The library's own colors ignore NO_COLOR.
    style: { head: [], border: [] },
  })
  for (const group of groups) {
    table.push([...places.map(({ text }) => text(group)), ...groupTexts(group, shown, colors)])
  }
  return `${colors.bold(scenarioTitle(scenario))}\n${table.toString()}\n`
}

/** The values of a row of the library's table, with a line for each cell of the group. */
function groupTexts({ cells }: PointGroup, columns: readonly Column[], colors: Colors): string[] {
  const lines = (text: (cell: Cell) => string) => cells.map(text).join('\n')
  return [
    lines(rowName),
    ...columns.map((column) => lines((cell) => coloured(column, cell, colors))),
  ]
}

function coloured(column: Column, cell: Cell, colors: Colors): string {
  const text = column.text(cell)
  switch (column.tone?.(cell)) {
    case 'fault':
      return colors.red(text)
    case 'caution':
      return colors.yellow(text)
    default:
      return text
  }
}

function failureLines(cells: readonly Cell[]): string[] {
  return cells.flatMap((cell) =>
    [...new Set(cell.failures)].map((reason) => `${pointName(cell)}: ${reason}`),
  )
}

function repeatLines(cells: readonly Cell[]): string[] {
  return cells.flatMap((cell) =>
    [...new Set(cell.repeats)].map((reason) => `${pointName(cell)}, made twice: ${reason}`),
  )
}

function pointName(cell: Cell): string {
  return `${rowName(cell)}, ${pointTitle(cell)}`
}

function notes(cells: readonly Cell[], columns: readonly Column[]): string[] {
  const lines = []
  const isShown = (wanted: string) => columns.some(({ name }) => name === wanted)
  if (
    cells.some(({ completed }) => completed > 1) &&
    cells.some(({ completed }) => completed === 1)
  ) {
    lines.push('A figure without ± is from a single repetition, which has no spread.')
  }
  if (isShown(`vs ${BASELINE}`)) {
    lines.push(
      `vs ${BASELINE}: how many times less server CPU a request takes than with ${BASELINE}, at the same point and in the same rounds.`,
    )
  }
  if (cells.some(({ limit }) => limit === 'generator')) {
    const where = isShown('limit')
      ? 'limit: where it is the generator'
      : 'Where the generator is the limit'
    lines.push(`${where}, req/s is the generator's speed; compare CPU/req there.`)
  }
  if (cells.some(({ httpVersion }) => httpVersion === 'http/1.1')) {
    lines.push('HTTP/1.1: its streams are pipelined requests.')
  }
  return lines
}

function leftOutLines(leftOut: readonly Column[], { width, wideCommand }: TableOptions): string[] {
  if (leftOut.length === 0) return []
  const names = leftOut.map(({ name }) => name).join(', ')
  return [`Not shown in a terminal of ${width} columns: ${names}. To see them:\n${wideCommand}`]
}
