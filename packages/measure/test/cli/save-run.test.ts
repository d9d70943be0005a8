import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { saveRun } from '../../src/cli/save-run'
import { saveManifest } from '../../src/storage/results-folder'
import { TrialsFile } from '../../src/storage/trials-file'
import { completedTrial, manifestOf } from '../support/trials'

test('a run whose trials can not be saved has its manifest, and a command for a shell', async () => {
  const folder = join(await temporaryFolder(), "Ann's runs")
  await mkdir(folder)
  const trials = [completedTrial()]
  await saveManifest(folder, manifestOf(trials, { state: { kind: 'running' } }))
  // The file of the trials is gone.
  const file = new TrialsFile(folder)
  await expect(file.add(trials[0]!)).rejects.toMatchObject({ code: 'RESULTS_UNWRITABLE' })
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => printed.mockRestore())
  const manifest = manifestOf(trials)
  expect(await saveRun(folder, file, { manifest, trials })).toBe(false)
  const saved = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as unknown
  expect(saved).toEqual(JSON.parse(JSON.stringify(manifest)))
  const quoted = folder.replace("Ann's", "Ann'\\''s")
  expect(printed.mock.calls.join('')).toContain(`npx h2lab report '${quoted}'\n`)
})
