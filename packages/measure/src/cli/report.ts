import { join } from 'node:path'
import { REPORT_FILE, saveReport } from '../report/save-report'
import { readResults } from '../storage/results-folder'
import { terminalTable } from './terminal-table'

/** The options of `h2lab report`. */
export interface ReportFlags {
  readonly wide?: boolean
}

/** `h2lab report`: makes verdict, table, charts and report again from the data of a run. */
export async function report(folder: string, { wide = false }: ReportFlags): Promise<number> {
  const results = await readResults(folder)
  const { trials } = results
  if (trials.length > 0) process.stdout.write(`${terminalTable(trials, { wide, folder })}\n`)
  await saveReport(folder, results)
  process.stdout.write(`Report: ${join(folder, REPORT_FILE)}\n`)
  return 0
}
