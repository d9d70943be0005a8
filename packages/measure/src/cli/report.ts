import { join } from 'node:path'
import { experimentOf } from '../experiments/experiments'
import { REPORT_FILE, saveReport } from '../report/save-report'
import { readResults } from '../storage/results-folder'
import { terminalTable } from './terminal-table'

/** The options of `h2lab report`. */
export interface ReportFlags {
  readonly wide?: boolean
}

/** `h2lab report`: recreates the verdict, table, charts and report from the data of a run. */
export async function report(folder: string, { wide = false }: ReportFlags): Promise<number> {
  const results = await readResults(folder)
  const { trials } = results
  const experiment = experimentOf(results.manifest)
  if (trials.length > 0)
    process.stdout.write(`${terminalTable(trials, { experiment, wide, folder })}\n`)
  await saveReport(folder, results)
  process.stdout.write(`Report: ${join(folder, REPORT_FILE)}\n`)
  return 0
}
