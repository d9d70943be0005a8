import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import type { Trial } from '../../src'
import { makeResultsFolder, saveManifest } from '../../src/storage/results-folder'
import { TrialsFile } from '../../src/storage/trials-file'
import { h2lab } from '../support/h2lab'
import { completedTrial, failedTrial, manifestOf } from '../support/trials'

async function savedRun(trials: readonly Trial[], about = {}): Promise<string> {
  const folder = join(await temporaryFolder(), 'run')
  await makeResultsFolder(folder)
  await saveManifest(folder, manifestOf(trials, about))
  const file = new TrialsFile(folder)
  for (const trial of trials) await file.add(trial)
  return folder
}

const TRIALS = [
  completedTrial({ streams: 1 }),
  completedTrial({ streams: 1, implementation: 'node-http2', limit: 'server' }),
  completedTrial({ streams: 2, requestsFailed: 3, limit: 'generator' }),
  failedTrial({ streams: 2, implementation: 'node-http2' }),
]

test('h2lab report makes table, charts and report from the data alone', async () => {
  const folder = await savedRun(TRIALS)
  const { code, stdout } = await h2lab(['report', folder])
  expect(stdout).toContain('100,000')
  expect(stdout).toContain("node-http2, 1 client, TLS, 2 streams: The server's process ended")
  expect(stdout).toContain(`Report: ${join(folder, 'report.html')}`)
  expect(code).toBe(0)
  expect((await readdir(folder)).sort()).toEqual([
    'cpu-per-request-1-client-tls.svg',
    'manifest.json',
    'report.html',
    'request-time-1-client-tls.svg',
    'requests-per-second-1-client-tls.svg',
    'trials.jsonl',
  ])
})

test('the report is the same when it is made again', async () => {
  const folder = await savedRun(TRIALS)
  await h2lab(['report', folder])
  const first = await readFile(join(folder, 'report.html'), 'utf8')
  await rm(join(folder, 'report.html'))
  await h2lab(['report', folder])
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toBe(first)
})

test('the report holds table, charts, reading help and facts, and needs nothing else', async () => {
  const folder = await savedRun(TRIALS)
  await h2lab(['report', folder])
  const report = await readFile(join(folder, 'report.html'), 'utf8')
  expect(report.match(/<svg /g)).toHaveLength(3)
  expect(report).toContain('<td class="caution">generator')
  expect(report).toContain('<td class="fault">3')
  expect(report).toContain('How to read it')
  expect(report).toContain('TLSv1.3 TLS_AES_128_GCM_SHA256')
  // Namespaces of SVG are names, not addresses to load from.
  const addresses = report.replace(/xmlns(:\w+)?="[^"]*"/g, '').match(/(src|href|url\()\S*/g) ?? []
  expect(addresses.filter((address) => !address.includes('#'))).toEqual([])
})

test('what is not HTTP/2 is marked, and without CPU figures there is a dash', async () => {
  const remote = { implementation: 'https://box/', serverCpuPerRequest: null }
  const folder = await savedRun(
    [completedTrial({ implementation: 'uws', httpVersion: 'http/1.1' }), completedTrial(remote)],
    { others: [{ name: 'https://box/', kind: 'remote', version: 'unknown' }] },
  )
  const { stdout } = await h2lab(['report', folder])
  expect(stdout).toContain('uws (HTTP/1.1)')
  expect(stdout).toMatch(/https:\/\/box\/.*│ +- │ +- │/)
  const report = await readFile(join(folder, 'report.html'), 'utf8')
  expect(report).toContain('<td class="name">uws (HTTP/1.1)')
  expect(report).toContain('<tr><th>Run by somebody else<td>https://box/')
})

test('text from the data is escaped', async () => {
  const folder = await savedRun([failedTrial({ error: '<img src=x onerror=alert(1)>' })])
  await h2lab(['report', folder])
  const report = await readFile(join(folder, 'report.html'), 'utf8')
  expect(report).toContain('&lt;img src=x onerror=alert(1)&gt;')
})

test('a run that was killed is written up as such', async () => {
  const folder = await savedRun(TRIALS, { state: { kind: 'running' }, trials: 9 })
  await h2lab(['report', folder])
  expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(
    'The run has not ended, or was killed: 4 of 9 trials are there.',
  )
})

test('a broken line ends h2lab report with exit code 1 and its file and line', async () => {
  const folder = await savedRun(TRIALS)
  const file = join(folder, 'trials.jsonl')
  await writeFile(file, `${await readFile(file, 'utf8')}{"outcome":"comple`)
  const { code, stderr } = await h2lab(['report', folder])
  expect(stderr).toContain(`${file}:5: no JSON`)
  expect(code).toBe(1)
})

test('a folder without data ends h2lab report with exit code 1 and the missing file', async () => {
  const folder = await temporaryFolder()
  const { code, stderr } = await h2lab(['report', folder])
  expect(stderr).toContain(`Can't read ${join(folder, 'manifest.json')}`)
  expect(code).toBe(1)
})
