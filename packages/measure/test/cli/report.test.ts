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
import { completedTrial, failedTrial, manifestOf, roundsOf } from '../support/trials'

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

/** Both with an interval, and one of them faster. */
const REPEATED = [
  ...roundsOf('async/mini', [1, 1.04, 0.98]),
  ...roundsOf('node-http2', [20, 20.4, 19]),
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

test('the verdict comes first, in the terminal and in the report', async () => {
  const folder = await savedRun(REPEATED)
  const { stdout } = await h2lab(['report', folder])
  expect(stdout).toMatch(
    /^1 client, TLS, 10 streams: least CPU per request first\n {1}1\. async\/mini: 1\.0 us ± 8%, 20 times less/,
  )
  expect(stdout).toContain('\n 2. node-http2, the baseline: 20 times the CPU of async/mini (')
  expect(stdout.indexOf('node-http2, the baseline')).toBeLessThan(stdout.indexOf('┌'))
  const report = await readFile(join(folder, 'report.html'), 'utf8')
  expect(report).toContain('<li>async/mini: 1.0 us ± 8%, 20 times less than node-http2 (')
  const parts = [
    'Verdict',
    'Results',
    'Charts',
    'How to read it',
    'How it was measured',
    'The machine',
  ]
  const places = parts.map((part) => report.indexOf(`<h2>${part}</h2>`))
  expect(places).toEqual([...places].sort((one, other) => one - other))
  expect(places).not.toContain(-1)
})

test('figures have their spread, and a single repetition says that it has none', async () => {
  const { stdout } = await h2lab(['report', await savedRun(REPEATED)])
  expect(stdout).toMatch(/ 1\.0 us ± 8% │ +20x ± 4% │/)
  const single = await h2lab(['report', await savedRun(TRIALS)])
  expect(single.stdout).toMatch(/^No verdict: a single repetition has no spread/)
  expect(single.stdout).not.toContain('±')
})

test('the report says how it was measured, with what precision, and what others did', async () => {
  const trials = REPEATED.map((trial, index) =>
    trial.outcome === 'failed'
      ? trial
      : { ...trial, slicesDropped: index === 0 ? 3 : 0, othersUtilisation: 0.1, steady: index > 0 },
  )
  const folder = await savedRun(trials, {
    method: { kind: 'turns', seed: 42, slice: 0.1 },
    repetitions: { kind: 'budget', minutes: 3, precision: 0.01 },
  })
  await h2lab(['report', folder])
  const report = await readFile(join(folder, 'report.html'), 'utf8')
  for (const fact of [
    '<tr><th>Method<td>all servers of a point in turns of 100 ms, in an order that is drawn anew for each turn',
    '<tr><th>Seed of the order<td>42',
    '<tr><th>Repetitions<td>3 of each point, as many as fitted in 3 minutes, each with new processes',
    'not steady by the end of it: 1 of 6',
    '<tr><th>Turns<td>120 count; 3 were dropped because others used the machine',
    '<tr><th>Wanted<td>±1%: 0 of 1 are there',
    '<tr><th>Not there<td>async/mini, 1 client, TLS, 10 streams (±',
    '<tr><th>CPUs used<td>0, 1, shared by generator and servers',
    '<tr><th>Load by others<td>0.10 CPUs on average, 0.10 at the busiest point',
  ]) {
    expect(report).toContain(fact)
  }
})

test('the report tells closed loops from equal offered load', async () => {
  const offered = { offeredRate: 5000 }
  const folder = await savedRun([
    ...REPEATED,
    ...roundsOf('async/mini', [1, 1.1], offered),
    ...roundsOf('node-http2', [20, 21], { ...offered, clients: 5 }),
  ])
  const { stdout } = await h2lab(['report', folder])
  expect(stdout).toContain('1 client, TLS, 10 streams at 5,000 requests per second: least CPU')
  expect(stdout).toMatch(/│ +10 │ +closed │[\s\S]*│ +10 │ +5,000 │/)
  const report = await readFile(join(folder, 'report.html'), 'utf8')
  expect(report).toContain('<td>closed')
  expect(report).toContain('<p>Equal offered load: every server got the same requests')
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
  expect(report).toContain('<tr><th>Remote server<td>https://box/')
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
      expect(wide).toContain('64 MiB')
      expect(wide).not.toContain('Not shown')
    },
  )

  test('has all columns where it does not go to a terminal', async () => {
    const { stdout } = await h2lab(['report', await savedRun(RUN)])
    expect(stdout).toContain('64 MiB')
    expect(stdout).not.toContain('Not shown')
  })

  testWithProgram('script', 'a verdict fits 80 columns, and goes on under its words', async () => {
    const slow = roundsOf('async-custom/http2', [2, 2.3, 2.1])
    const folder = await savedRun([...REPEATED, ...slow])
    const lines = linesOf(await h2labInTerminal(80, ['report', folder]))
    const second = lines.findIndex((line) => line.startsWith(' 2. async-custom/http2: 2.1 times'))
    expect(lines[second + 1]).toMatch(/^ {4}\S/)
    expect(lines.filter((line) => !line.includes(folder) && line.length > 80)).toEqual([])
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
  expect(stderr).toContain(`${file}:5: invalid JSON`)
  expect(code).toBe(1)
})

test('a folder without data ends h2lab report with exit code 1 and the missing file', async () => {
  const folder = await temporaryFolder()
  const { code, stderr } = await h2lab(['report', folder])
  expect(stderr).toContain(`Can't read ${join(folder, 'manifest.json')}`)
  expect(code).toBe(1)
})
