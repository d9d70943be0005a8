import Table from 'cli-table3'
import type { Colors } from 'picocolors/types'
import { BASELINE } from '../implementations/baseline'
import type { Cell } from '../summary/cells'
import { COLUMNS, type Column } from '../summary/columns'
import { rowName } from '../summary/row-name'
import { scenarioTitle } from '../summary/scenario-title'
import { type Section, type StreamsGroup, toSections } from '../summary/sections'

/**
 * Lays cells out for a terminal: a table for each scenario, in it the streams, and for each
 * number of streams one line an implementation.
 */
export function resultsTable(cells: readonly Cell[], colors: Colors): string {
  const sections = toSections(cells).map((section) => sectionText(section, colors))
  return [...sections, ...failureLines(cells, colors), ...notes(cells, colors)].join('\n')
}

function sectionText({ scenario, groups }: Section, colors: Colors): string {
  const table = new Table({
    head: ['streams', 'implementation', ...COLUMNS.map(({ name }) => name)].map(colors.bold),
    colAligns: ['right', 'left', ...COLUMNS.map(() => 'right' as const)],
    // The library's own colours ignore NO_COLOR.
    style: { head: [], border: [] },
  })
  for (const group of groups) table.push(groupRow(group, colors))
  return `${colors.bold(scenarioTitle(scenario))}\n${table.toString()}\n`
}

/** One row of the library's table, with a line for each cell of the group. */
function groupRow({ streams, cells }: StreamsGroup, colors: Colors): string[] {
  const lines = (text: (cell: Cell) => string) => cells.map(text).join('\n')
  return [
    String(streams),
    lines(rowName),
    ...COLUMNS.map((column) => lines((cell) => coloured(column, cell, colors))),
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

function failureLines(cells: readonly Cell[], colors: Colors): string[] {
  return cells.flatMap((cell) =>
    [...new Set(cell.failures)].map((reason) => {
      const { scenario, streams } = cell
      return colors.red(
        `${rowName(cell)}, ${scenarioTitle(scenario)}, ${streams} streams: ${reason}`,
      )
    }),
  )
}

function notes(cells: readonly Cell[], colors: Colors): string[] {
  const lines = []
  if (cells.some(({ timesLessCpu }) => timesLessCpu !== null)) {
    lines.push(
      `vs ${BASELINE}: how many times less server CPU a request takes than with ${BASELINE}, for the same clients and streams.`,
    )
  }
  if (cells.some(({ limit }) => limit === 'generator')) {
    lines.push(
      'limit: where it is the generator, req/s is the generator’s speed; compare CPU/req there.',
    )
  }
  if (cells.some(({ httpVersion }) => httpVersion === 'http/1.1')) {
    lines.push('HTTP/1.1: streams are requests that are sent without waiting for answers there.')
  }
  return lines.map(colors.dim)
}
