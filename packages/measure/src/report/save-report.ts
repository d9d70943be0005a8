import { type Results, saveFile } from '../storage/results-folder'
import { type Cell, toCells } from '../summary/cells'
import { htmlReport } from './html-report'

export const REPORT_FILE = 'report.html'

/**
 * Makes the charts and the report of a run and saves them beside its data.
 *
 * @returns the run's cells, for a table
 * @throws MeasureError `RESULTS_UNWRITABLE`
 */
export async function saveReport(folder: string, results: Results): Promise<Cell[]> {
  const cells = toCells(results.trials)
  // Only now: the library that draws takes longer to load than all the rest together.
  const { sweepCharts } = await import('../charts/sweep-charts')
  const charts = sweepCharts(cells, results.manifest)
  for (const { file, svg } of charts) await saveFile(folder, file, `${svg}\n`)
  await saveFile(folder, REPORT_FILE, htmlReport(results, cells, charts))
  return cells
}
