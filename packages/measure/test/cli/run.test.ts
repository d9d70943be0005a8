import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { readResults, trialSchema } from '../../src'
import { h2lab, startH2lab } from '../support/h2lab'
import { allGone, descendantsOf, HAS_PROC } from '../support/processes'

/** As short as it goes on a machine that has other things to do. */
const SHORT = ['--duration', '0.1', '--warmup', '0.1', '--streams', '5']

async function runIn(folder: string, args: readonly string[], repeat = '1') {
  const out = join(folder, 'out')
  const ended = await h2lab(['run', ...SHORT, '--repeat', repeat, '--out', out, ...args])
  return { ...ended, out }
}

const BOTH = ['--implementations', 'async/mini,node-http2']

function endToEnd(generator: string, method: string, progress: string) {
  return async () => {
    const args = ['--generator', generator, ...BOTH]
    const { code, stdout, stderr, out } = await runIn(await temporaryFolder(), args)
    expect(stderr).toContain(progress)
    for (const text of ['1 client, TLS', '5 clients, TLS', 'No verdict']) {
      expect(stdout).toContain(text)
    }
    expect(stdout).toContain('Precision: unknown, since each point was measured once')
    expect(stdout).toContain(`Report: ${join(out, 'report.html')}\n`)
    expect(stdout).not.toContain('\u001b')
    expect(code).toBe(0)

    const { manifest, trials } = await readResults(out)
    expect(trials).toHaveLength(4)
    for (const trial of trials) {
      expect(trial).toMatchObject({ outcome: 'completed', generator, method, requestsFailed: 0 })
      if (trial.outcome !== 'completed') continue
      expect(trial.requestsPerSecond).toBeGreaterThan(0)
      expect(trial.latencyMean).toBeGreaterThan(0)
      expect(trial.serverCpuPerRequest).toBeGreaterThan(0)
      expect(trial.serverPeakMemory).toBeGreaterThan(2 ** 20)
    }
    expect(manifest).toMatchObject({
      state: { kind: 'completed' },
      generator: { name: generator },
      method: { kind: method },
      repetitions: { kind: 'fixed', times: 1 },
      quick: false,
    })
    expect(manifest.tlsCiphers.join()).toMatch(/^TLSv1\.3 /)
    expect((await readdir(out)).filter((file) => file.endsWith('.svg'))).toHaveLength(6)
  }
}

describe('h2lab run', () => {
  test(
    'measures servers in turns with the embedded generator, shows and saves',
    endToEnd(
      'embedded',
      'turns',
      '[1-2/4] 1 client, TLS, 5 streams: async/mini, node-http2 in turns',
    ),
  )

  testWithProgram(
    'h2load',
    'measures one server after the other with h2load, shows and saves',
    endToEnd('h2load', 'whole', '[1/4] async/mini, 1 client, TLS, 5 streams'),
  )

  test('records how the figures were made', async () => {
    const args = ['--seed', '7', '--clients', '1', ...BOTH]
    const { manifest } = await readResults((await runIn(await temporaryFolder(), args)).out)
    expect(manifest.method).toEqual({ kind: 'turns', seed: 7, slice: 0.1 })
    if (!HAS_PROC) return
    const { cpuSource, used } = manifest.machine
    expect(cpuSource).toMatch(/^(schedstat|usage)$/)
    expect(used?.generator.length).toBe(manifest.machine.cpus)
    expect(used?.servers).toEqual(used?.generator)
  })

  test('repeats each cell, in rounds', async () => {
    const { out } = await runIn(await temporaryFolder(), [...['--clients', '1', ...BOTH]], '2')
    const { trials } = await readResults(out)
    expect(trials.map(({ round, implementation }) => `${round} ${implementation}`)).toEqual([
      '1 async/mini',
      '1 node-http2',
      '2 async/mini',
      '2 node-http2',
    ])
  })

  test('--json prints nothing but the trials on the standard output', async () => {
    const { code, stdout, stderr, out } = await runIn(await temporaryFolder(), [
      ...['--clients', '1', '--json', ...BOTH],
    ])
    const trials = v.parse(v.array(trialSchema), JSON.parse(stdout))
    expect(trials).toEqual((await readResults(out)).trials)
    expect(stderr).toContain(`Report: ${join(out, 'report.html')}`)
    expect(code).toBe(0)
  })

  test('saves in a new folder of results by default', async () => {
    const folder = await temporaryFolder()
    const args = ['--clients', '1', '--repeat', '1', '--implementations', 'async/mini']
    const { stdout } = await h2lab(['run', ...SHORT, ...args], folder)
    const [, report] = /^Report: (.*)$/m.exec(stdout)!
    expect(report).toMatch(/^results\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-sweep\/report\.html$/)
    expect(await readFile(join(folder, report!), 'utf8')).toContain('<svg')
  })

  test('does not touch a folder that holds something', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'out', 'precious'), { recursive: true })
    const { code, stderr, out } = await runIn(folder, [])
    expect(stderr).toContain(`Can't save results in ${out}: the folder is not empty`)
    expect(await readdir(out)).toEqual(['precious'])
    expect(code).toBe(1)
  })

  test('a generator that is not there is an error that says so', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = ''
    try {
      const { code, stderr } = await runIn(await temporaryFolder(), ['--generator', 'h2load'])
      expect(stderr).toContain("The load generator h2load can't be used: h2load is not on PATH")
      expect(code).toBe(1)
    } finally {
      process.env['PATH'] = path
    }
  })
})

/** A run of two trials that takes a while. */
function longRun(out: string, generator: string) {
  return startH2lab([
    ...['run', '--duration', '2.5', '--warmup', '0.1', '--clients', '1', '--streams', '1,2'],
    ...['--repeat', '1', '--implementations', 'async/mini', '--generator', generator],
    ...['--out', out],
  ])
}

describe.skipIf(!HAS_PROC)('no process is left behind (skipped where there is no /proc)', () => {
  test('by a run to its end', async () => {
    const out = join(await temporaryFolder(), 'out')
    const run = longRun(out, 'embedded')
    await run.printed('[2/2]')
    await eventually(() => expect(descendantsOf(run.pid)).toHaveLength(2))
    const children = descendantsOf(run.pid)
    expect(await run.ended).toMatchObject({ code: 0 })
    await allGone(children)
  })

  test('by a run whose server is killed: that trial fails, the others go on', async () => {
    const out = join(await temporaryFolder(), 'out')
    const run = longRun(out, 'embedded')
    await run.printed('[1/2]')
    await eventually(() => expect(descendantsOf(run.pid)).toHaveLength(2))
    const children = descendantsOf(run.pid)
    const server = children.find(({ command }) => command.includes('server-process'))!
    process.kill(server.pid, 'SIGKILL')
    const { code, stdout } = await run.ended
    const reason = "The server's process ended (SIGKILL): it said nothing."
    expect(stdout).toContain('1 of 1 trials')
    expect(stdout).toContain(reason)
    expect(code).toBe(1)
    expect((await readResults(out)).trials).toMatchObject([
      { outcome: 'failed', streams: 1, error: reason },
      { outcome: 'completed', streams: 2 },
    ])
    await allGone(children)
  })

  test('by a run that gets SIGINT: it keeps what is there and writes it up', async () => {
    const out = join(await temporaryFolder(), 'out')
    const run = longRun(out, 'embedded')
    await run.printed('[2/2]')
    await eventually(() => expect(descendantsOf(run.pid)).toHaveLength(2))
    const children = descendantsOf(run.pid)
    run.process.kill('SIGINT')
    const { code, stdout } = await run.ended
    expect(stdout).toContain('Interrupted: 1 of 2 trials are kept.')
    expect(stdout).toContain(`Report: ${join(out, 'report.html')}`)
    expect(code).toBe(1)
    const { manifest, trials } = await readResults(out)
    expect(manifest.state.kind).toBe('interrupted')
    expect(trials).toMatchObject([{ outcome: 'completed', streams: 1 }])
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain('1 of 2 trials')
    await allGone(children)
  })

  test('by a run that gets SIGINT twice: it ends at once', async () => {
    const run = longRun(join(await temporaryFolder(), 'out'), 'embedded')
    await run.printed('[1/2]')
    await eventually(() => expect(descendantsOf(run.pid)).toHaveLength(2))
    const children = descendantsOf(run.pid)
    run.process.kill('SIGINT')
    run.process.kill('SIGINT')
    expect(await run.ended).toMatchObject({ code: 1 })
    await allGone(children)
  })

  test.each(['SIGTERM', 'SIGKILL'] as const)('by a run that gets %s', async (signal) => {
    const run = longRun(join(await temporaryFolder(), 'out'), 'embedded')
    await run.printed('[1/2]')
    await eventually(() => expect(descendantsOf(run.pid)).toHaveLength(2))
    const children = descendantsOf(run.pid)
    run.process.kill(signal)
    await run.ended
    await allGone(children)
  })

  testWithProgram('h2load', 'by a run with h2load that gets SIGTERM', async () => {
    const run = longRun(join(await temporaryFolder(), 'out'), 'h2load')
    await run.printed('[1/2]')
    await eventually(() => expect(descendantsOf(run.pid)).toHaveLength(2))
    const children = descendantsOf(run.pid)
    run.process.kill('SIGTERM')
    expect(await run.ended).toMatchObject({ code: 1 })
    await allGone(children)
  })

  testWithProgram('setpriv', 'by a run with h2load that gets SIGKILL', async () => {
    const run = longRun(join(await temporaryFolder(), 'out'), 'h2load')
    await run.printed('[1/2]')
    await eventually(() => expect(descendantsOf(run.pid)).toHaveLength(2))
    const children = descendantsOf(run.pid)
    run.process.kill('SIGKILL')
    await run.ended
    await allGone(children)
  })
})
