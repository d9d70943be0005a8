import { experimentOf } from '../experiments/experiments'
import { type Results, saveFile } from '../storage/results-folder'
import { type Cell, toCells } from '../summary/cells'
import { htmlReport } from './html-report'

export const REPORT_FILE = 'report.html'

/**
 * Creates the charts and the report of a run and saves them with its data.
 *
 * @returns the run's cells, for a table
 * @throws MeasureError `RESULTS_UNWRITABLE`
 */
export async function saveReport(folder: string, results: Results): Promise<Cell[]> {
  const cells = toCells(results.trials)
  const charts = await experimentOf(results.manifest).charts(cells, results.manifest)
  for (const { file, svg } of charts) await saveFile(folder, file, `${svg}\n`)
  await saveFile(folder, REPORT_FILE, htmlReport(results, cells, charts))
  return cells
}
