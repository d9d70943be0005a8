import pc from 'picocolors'
import type { Cell } from '../summary/cells'
import { resultsTable } from './table'

export interface TerminalTableOptions {
  /** Whether all columns are shown, also where the terminal has no room for them. */
  readonly wide: boolean
  /** The run's folder, to make the table again. */
  readonly folder: string
}

/** The table of results for the standard output. What is not a terminal has room for everything. */
export function terminalTable(
  cells: readonly Cell[],
  { wide, folder }: TerminalTableOptions,
): string {
  return resultsTable(cells, {
    colors: pc,
    width: wide ? Number.POSITIVE_INFINITY : (process.stdout.columns ?? Number.POSITIVE_INFINITY),
    wideCommand: `npx h2lab report ${folder} --wide`,
  })
}
