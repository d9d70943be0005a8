import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { type Manifest, readResults, type Trial } from '../../src'
import {
  makeNewResultsFolder,
  makeResultsFolder,
  saveManifest,
} from '../../src/storage/results-folder'
import { TrialsFile } from '../../src/storage/trials-file'
import { HAS_PROC } from '../support/processes'
import { completedTrial, failedTrial, manifestOf } from '../support/trials'

async function savedRun(trials: readonly Trial[]): Promise<string> {
  const folder = join(await temporaryFolder(), 'results', 'run')
  await makeResultsFolder(folder)
  await saveManifest(folder, manifestOf(trials))
  const file = new TrialsFile(folder)
  for (const trial of trials) await file.add(trial)
  return folder
}

function change(folder: string, file: string, edit: (text: string) => string): Promise<void> {
  const path = join(folder, file)
  return readFile(path, 'utf8').then((text) => writeFile(path, edit(text)))
}

test('what is saved is read again', async () => {
  const trials = [completedTrial(), failedTrial({ trial: 2 })]
  expect(await readResults(await savedRun(trials))).toEqual({
    manifest: manifestOf(trials),
    trials,
  })
})

test('each trial is one line', async () => {
  const folder = await savedRun([completedTrial(), completedTrial({ trial: 2 })])
  const lines = (await readFile(join(folder, 'trials.jsonl'), 'utf8')).split('\n')
  expect(lines.map((line) => (line === '' ? '' : JSON.parse(line).trial))).toEqual([1, 2, ''])
})

test('a folder that holds something is not written to', async () => {
  const folder = await savedRun([])
  await expect(makeResultsFolder(folder)).rejects.toMatchObject({
    code: 'RESULTS_UNWRITABLE',
    message: `Can't save results in ${folder}: the folder is not empty; choose one that is, or that does not exist.`,
  })
})

test('a folder that can not be made is named', async () => {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  await expect(makeResultsFolder(join(file, 'run'))).rejects.toMatchObject({
    code: 'RESULTS_UNWRITABLE',
    message: expect.stringContaining(join(file, 'run')),
  })
})

test.skipIf(!HAS_PROC)('a folder that the system refuses is named at once', async () => {
  await expect(makeResultsFolder('/proc/no-such/run')).rejects.toMatchObject({
    code: 'RESULTS_UNWRITABLE',
    message: expect.stringContaining('/proc/no-such'),
  })
})

test('two runs never get the same folder', async () => {
  const results = join(await temporaryFolder(), 'results')
  const made = await Promise.all([1, 2, 3].map(() => makeNewResultsFolder(results, 'sweep')))
  expect(made.map(({ path }) => path).sort()).toEqual(
    ['sweep', 'sweep-2', 'sweep-3'].map((name) => join(results, name)),
  )
})

test('two runs that are given the same folder do not share it', async () => {
  const folder = join(await temporaryFolder(), 'run')
  const made = await Promise.allSettled([1, 2].map(() => makeResultsFolder(folder)))
  expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a folder that is taken back leaves nothing that was not there before', async () => {
  const folder = await temporaryFolder()
  const made = await makeResultsFolder(join(folder, 'results', 'run'))
  await saveManifest(made.path, manifestOf([]))
  await made.discard()
  expect(await readdir(folder)).toEqual([])
})

test.each(['manifest.json', 'trials.jsonl'])('a missing %s is named', async (file) => {
  const folder = await temporaryFolder()
  if (file !== 'manifest.json') {
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifestOf([])))
  }
  await expect(readResults(folder)).rejects.toMatchObject({
    code: 'RESULTS_UNREADABLE',
    message: expect.stringContaining(join(folder, file)),
  })
})

test('a file that is a folder is named', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'manifest.json'))
  await expect(readResults(folder)).rejects.toMatchObject({
    code: 'RESULTS_UNREADABLE',
    message: expect.stringContaining('manifest.json'),
  })
})

test('a manifest without something it needs is refused with what that is', async () => {
  const folder = await savedRun([])
  await change(folder, 'manifest.json', (text) => text.replace('"cpus": 2', '"cpus": "two"'))
  await expect(readResults(folder)).rejects.toMatchObject({
    code: 'RESULTS_UNREADABLE',
    message: expect.stringMatching(/manifest\.json: machine\.cpus: .*"two"/),
  })
})

test('a line that is no JSON is refused with file and line', async () => {
  const folder = await savedRun([completedTrial(), completedTrial(), completedTrial()])
  await change(folder, 'trials.jsonl', (text) => text.slice(0, -20))
  await expect(readResults(folder)).rejects.toMatchObject({
    code: 'RESULTS_UNREADABLE',
    message: expect.stringContaining(`${join(folder, 'trials.jsonl')}:3: invalid JSON`),
  })
})

test('a line that is no trial is refused with file, line and column', async () => {
  const folder = await savedRun([completedTrial(), completedTrial()])
  await change(folder, 'trials.jsonl', (text) => {
    const [first, second] = text.split('\n')
    return `${first}\n${second!.replace('"streams":10', '"streams":-1')}\n`
  })
  await expect(readResults(folder)).rejects.toMatchObject({
    code: 'RESULTS_UNREADABLE',
    message: expect.stringContaining(`${join(folder, 'trials.jsonl')}:2: streams: `),
  })
})

test.each([
  ['requestsPerSecond', /"requestsPerSecond":\d+/],
  ['offeredRate', /"offeredRate":null/],
])('a number that is too large for JavaScript is refused: %s', async (column, pattern) => {
  const folder = await savedRun([completedTrial()])
  await change(folder, 'trials.jsonl', (text) => text.replace(pattern, `"${column}":1e999`))
  await expect(readResults(folder)).rejects.toMatchObject({
    code: 'RESULTS_UNREADABLE',
    message: expect.stringContaining(`${join(folder, 'trials.jsonl')}:1: ${column}: `),
  })
})

test('a manifest with such a number is refused, too', async () => {
  const folder = await savedRun([])
  await change(folder, 'manifest.json', (text) =>
    text.replace('"duration": 2', '"duration": 1e999'),
  )
  await expect(readResults(folder)).rejects.toMatchObject({
    code: 'RESULTS_UNREADABLE',
    message: expect.stringContaining('manifest.json: options.duration: '),
  })
})

test('a trial that was saved before HTTP/1.1 was measured is one of HTTP/2', async () => {
  const folder = await savedRun([completedTrial()])
  await change(folder, 'trials.jsonl', (text) => text.replace('"httpVersion":"h2",', ''))
  await change(folder, 'manifest.json', (text) => text.replace('"others": [],', ''))
  const { manifest, trials } = await readResults(folder)
  expect(trials).toEqual([completedTrial()])
  expect(manifest.others).toEqual([])
})

test('a manifest that was saved before there were turns is one of whole trials', async () => {
  const folder = await savedRun([])
  await change(folder, 'manifest.json', (text) => {
    const { method, repetitions, quick, ...manifest } = JSON.parse(text) as Manifest
    const { cpuSource, used, frequency, ...machine } = manifest.machine
    return JSON.stringify({ ...manifest, machine })
  })
  const { manifest } = await readResults(folder)
  expect(manifest).toMatchObject({
    method: { kind: 'whole' },
    repetitions: null,
    quick: false,
    machine: { cpuSource: null, used: null, frequency: null },
  })
})
