import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import type { Trial } from '../../src'
import { makeResultsFolder, saveManifest } from '../../src/storage/results-folder'
import { TrialsFile } from '../../src/storage/trials-file'
import { h2lab } from '../support/h2lab'
import { h2labInTerminal } from '../support/terminal'
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
  expect(stdout).toMatch(/https:\/\/box\/.*│ +- │/)
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

describe('the table', () => {
  const RUN = [
    completedTrial({ implementation: 'async-custom/http2', streams: 1, latencyP99: null }),
    completedTrial({ implementation: 'node-http2', streams: 1, latencyP99: null }),
    failedTrial({ implementation: 'uws', httpVersion: 'http/1.1', streams: 1, clients: 5 }),
  ]

  const linesOf = (text: string) => text.split('\n').map((line) => stripVTControlCharacters(line))

  for (const columns of [80, 100, 120]) {
    testWithProgram(
      'script',
      `a terminal of ${columns} columns has room for each line`,
      async () => {
        const folder = await savedRun(RUN)
        const lines = linesOf(await h2labInTerminal(columns, ['report', folder]))
        expect(lines.find((line) => line.includes('streams'))).toContain('req/s')
        // The folder of a test has a long name.
        const others = lines.filter((line) => !line.includes(folder))
        expect(others.filter(({ length }) => length > columns)).toEqual([])
      },
    )
  }

  testWithProgram(
    'script',
    'names what is left out for want of room, and how to see it',
    async () => {
      const folder = await savedRun(RUN)
      const narrow = await h2labInTerminal(80, ['report', folder])
      expect(narrow).toMatch(/Not shown in a terminal of 80 columns: .*peak memory/)
      expect(narrow).toContain(`npx h2lab report ${folder} --wide`)
      const wide = await h2labInTerminal(80, ['report', folder, '--wide'])
      expect(wide).toContain('64.0 MiB')
      expect(wide).not.toContain('Not shown')
    },
  )

  test('has all columns where it does not go to a terminal', async () => {
    const { stdout } = await h2lab(['report', await savedRun(RUN)])
    expect(stdout).toContain('64.0 MiB')
    expect(stdout).not.toContain('Not shown')
  })

  test('has no column without a value, and neither has the report', async () => {
    const folder = await savedRun(RUN)
    const { stdout } = await h2lab(['report', folder])
    expect(stdout).not.toContain('p99')
    expect(await readFile(join(folder, 'report.html'), 'utf8')).not.toContain('<th>p99')
  })

  test('counts a single stream as one', async () => {
    const folder = await savedRun(RUN)
    const { stdout } = await h2lab(['report', folder])
    const report = await readFile(join(folder, 'report.html'), 'utf8')
    for (const text of [stdout, report]) {
      expect(text).toContain('5 clients, TLS, 1 stream: The')
      expect(text).not.toContain('1 streams')
    }
  })
})

test('a trial that was made twice is named with the reason', async () => {
  const folder = await savedRun([completedTrial({ repeatedAfter: 'h2load was late.' })])
  const { stdout } = await h2lab(['report', folder])
  expect(stdout).toContain('async/mini, 1 client, TLS, 10 streams, made twice: h2load was late.')
  const report = await readFile(join(folder, 'report.html'), 'utf8')
  expect(report).toContain('async/mini, 1 client, TLS, 10 streams: h2load was late.')
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
