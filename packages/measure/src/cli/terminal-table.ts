import pc from 'picocolors'
import { toCells } from '../summary/cells'
import { verdicts } from '../summary/verdict'
import type { Trial } from '../trial/trial'
import { resultsTable } from './table'
import { verdictText } from './verdict-lines'

export interface TerminalTableOptions {
  /** Whether all columns are shown, also where the terminal has no room for them. */
  readonly wide: boolean
  /** The run's folder, to make the table again. */
  readonly folder: string
}

/**
 * What the trials say, for the standard output: the verdicts in words, then the table of results. What is not a terminal
 * has room for everything.
 */
export function terminalTable(
  trials: readonly Trial[],
  { wide, folder }: TerminalTableOptions,
): string {
  const cells = toCells(trials)
  const columns = process.stdout.columns ?? Number.POSITIVE_INFINITY
  const words = verdictText(verdicts(cells, trials), { colors: pc, width: columns })
  const table = resultsTable(cells, {
    colors: pc,
    width: wide ? Number.POSITIVE_INFINITY : columns,
    wideCommand: `npx h2lab report ${folder} --wide`,
  })
  return `${words}\n${table}`
}
