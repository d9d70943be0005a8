import { join } from 'node:path'
import { MeasureError } from '../errors'
import { saveReport } from '../report/save-report'
import { type Results, saveManifest, TRIALS_FILE } from '../storage/results-folder'
import type { TrialsFile } from '../storage/trials-file'

/**
 * Saves the remaining data and writes the report.
 *
 * @returns whether everything is saved; if not, standard error says how to save the rest
 */
export async function saveRun(
  folder: string,
  file: TrialsFile,
  results: Results,
): Promise<boolean> {
  try {
    try {
      await file.flush()
    } finally {
      // Otherwise the manifest would say that the run is still in progress.
      await saveManifest(folder, results.manifest)
    }
    await saveReport(folder, results)
    return true
  } catch (error) {
    if (!(error instanceof MeasureError)) throw error
    process.stderr.write(howToSaveTheRest(folder, file, results, error))
    return false
  }
}

function howToSaveTheRest(
  folder: string,
  { unsaved }: TrialsFile,
  { trials }: Results,
  { message }: MeasureError,
): string {
  const file = join(folder, TRIALS_FILE)
  const report = `npx h2lab report ${quote(folder)}`
  const saved = `${trials.length - unsaved.length} of ${trials.length} trials are saved in ${file}.`
  if (unsaved.length === 0) {
    return `${message}\n${saved} To save the charts and the report, make room and run: ${report}\n`
  }
  return (
    `These trials are not saved yet; each line is one line of ${file}:\n${unsaved.join('')}` +
    `${message}\n${saved} To save the others, make room and add the lines above to that file; then run: ${report}\n`
  )
}

/** Quotes an argument for a shell. */
function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`
}
