import pc from 'picocolors'
import type { KnownExperiment } from '../experiments/experiments'
import { toCells } from '../summary/cells'
import { kneeVerdicts } from '../summary/knee-verdict'
import { verdicts } from '../summary/verdict'
import type { Trial } from '../trial/trial'
import { kneesText } from './knee-lines'
import { resultsTable } from './table'
import { verdictText } from './verdict-lines'

export interface TerminalTableOptions {
  /** The experiment that was run. */
  readonly experiment: KnownExperiment
  /** Whether to show all columns, even if the terminal is too narrow. */
  readonly wide: boolean
  /** The run's folder, for the command that shows the table again. */
  readonly folder: string
}

/** Formats the results for the standard output: verdicts, then the table. The width is only limited by a terminal. */
export function terminalTable(
  trials: readonly Trial[],
  { experiment, wide, folder }: TerminalTableOptions,
): string {
  const cells = toCells(trials)
  const columns = process.stdout.columns ?? Number.POSITIVE_INFINITY
  const about = { colors: pc, width: columns }
  const words =
    experiment.verdict === 'knees'
      ? kneesText(kneeVerdicts(cells), about)
      : verdictText(verdicts(cells, trials), about)
  const table = resultsTable(cells, {
    colors: pc,
    width: wide ? Number.POSITIVE_INFINITY : columns,
    wideCommand: `npx h2lab report ${folder} --wide`,
  })
  return `${words}\n${table}`
}
