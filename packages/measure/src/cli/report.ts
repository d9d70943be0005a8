import { join } from 'node:path'
import pc from 'picocolors'
import { REPORT_FILE, saveReport } from '../report/save-report'
import { readResults } from '../storage/results-folder'
import { resultsTable } from './table'

/** `h2lab report`: makes table, charts and report again from the data of a run. */
export async function report(folder: string): Promise<number> {
  const results = await readResults(folder)
  const cells = await saveReport(folder, results)
  if (cells.length > 0) process.stdout.write(`${resultsTable(cells, pc)}\n`)
  process.stdout.write(`Report: ${join(folder, REPORT_FILE)}\n`)
  return 0
}
