import { join } from 'node:path'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import type { Manifest, Trial } from '../../src'
import { makeResultsFolder, saveManifest } from '../../src/storage/results-folder'
import { TrialsFile } from '../../src/storage/trials-file'
import { manifestOf } from './trials'

/**
 * Saves a run in a folder that is gone when the test has finished.
 *
 * @param about what its manifest says besides
 * @returns the folder
 */
export async function savedRun(
  trials: readonly Trial[],
  about: Partial<Manifest> = {},
): Promise<string> {
  const folder = join(await temporaryFolder(), 'run')
  await makeResultsFolder(folder)
  await saveManifest(folder, manifestOf(trials, about))
  const file = new TrialsFile(folder)
  for (const trial of trials) await file.add(trial)
  return folder
}
