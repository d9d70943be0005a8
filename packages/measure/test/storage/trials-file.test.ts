import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { readResults } from '../../src'
import { makeResultsFolder, saveManifest } from '../../src/storage/results-folder'
import { TrialsFile } from '../../src/storage/trials-file'
import { testWithSmallDisk } from '../support/small-disk'
import { completedTrial, manifestOf } from '../support/trials'

test('a trial is in the file once it is added', async () => {
  const folder = join(await temporaryFolder(), 'run')
  await makeResultsFolder(folder)
  const file = new TrialsFile(folder)
  for (const trial of [1, 2]) {
    await file.add(completedTrial({ trial }))
    const lines = (await readFile(join(folder, 'trials.jsonl'), 'utf8')).split('\n')
    expect(lines).toHaveLength(trial + 1)
  }
  expect(file.unsaved).toEqual([])
})

testWithSmallDisk('on a full disk it has whole lines, and gets the others later', async (disk) => {
  const folder = join(disk.path, 'run')
  await makeResultsFolder(folder)
  await saveManifest(folder, manifestOf([]))
  const file = new TrialsFile(folder)
  await disk.fill()
  const trials = Array.from({ length: 20 }, (_, index) => completedTrial({ trial: index + 1 }))
  const failures: unknown[] = []
  for (const trial of trials) {
    await file.add(trial).catch((error: unknown) => failures.push(error))
  }
  expect(failures.length).toBeGreaterThan(10)
  expect(failures[0]).toMatchObject({
    code: 'RESULTS_UNWRITABLE',
    message: expect.stringContaining('ENOSPC'),
  })
  expect(file.unsaved).toHaveLength(failures.length)
  const saved = (await readResults(folder)).trials
  expect(saved).toEqual(trials.slice(0, trials.length - failures.length))

  await disk.makeRoom()
  await file.flush()
  expect(file.unsaved).toEqual([])
  expect((await readResults(folder)).trials).toEqual(trials)
})

testWithSmallDisk('a manifest that there is no room for leaves the one before', async (disk) => {
  const folder = join(disk.path, 'run')
  await makeResultsFolder(folder)
  const before = manifestOf([])
  await saveManifest(folder, before)
  await disk.fill()
  const longer = { ...before, tlsCiphers: ['x'.repeat(100_000)] }
  await expect(saveManifest(folder, longer)).rejects.toMatchObject({ code: 'RESULTS_UNWRITABLE' })
  expect((await readResults(folder)).manifest).toEqual(before)
})
