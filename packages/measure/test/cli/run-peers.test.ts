import { join } from 'node:path'
import { devTls, readTlsCredentials } from '@h2lab/tls-context'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { readResults } from '../../src'
import { LOCK_PREFIX } from '../../src/machine/run-lock'
import { EXTERNAL_PEERS } from '../../src/peers/external/external-peers'
import { h2lab, startH2lab } from '../support/h2lab'
import { nodeServer, ok } from '../support/node-server'
import { allGone, descendantsOf, HAS_PROC } from '../support/processes'
import { temporaryRoot } from '../support/temporary-root'

/** As short as it goes on a machine that has other things to do. */
const SHORT = [
  ...['--repeat', '1', '--duration', '0.1', '--warmup', '0.1', '--streams', '5', '--clients', '2'],
]

async function runIn(folder: string, args: readonly string[]) {
  const out = join(folder, 'out')
  const ended = await h2lab(['run', ...SHORT, '--out', out, ...args])
  return { ...ended, out }
}

describe('h2lab run --peers', () => {
  test('auto measures the peers that are there beside the baseline, and names the others', async () => {
    const { code, stdout, stderr, out } = await runIn(await temporaryFolder(), [
      ...['--implementations', 'node-http2', '--peers', 'auto', '--tls', 'both'],
    ])
    const { manifest, trials } = await readResults(out)
    for (const peer of EXTERNAL_PEERS) {
      const availability = await peer.availability()
      if (availability.state === 'unavailable') {
        expect(stderr.split(`not measured: ${peer.name}: ${availability.reason}`)).toHaveLength(2)
        continue
      }
      expect(stdout).toMatch(new RegExp(`│ ${peer.name} .*│ +[\\d.,]+x │`))
      const { version } = availability
      expect(manifest.others).toContainEqual({ name: peer.name, kind: 'peer', version })
    }
    expect(trials).toHaveLength(manifest.trials)
    for (const trial of trials) {
      expect(trial).toMatchObject({ outcome: 'completed', requestsFailed: 0 })
    }
    expect(code).toBe(0)
  })

  test('one that is named and not there is an error that says so', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = ''
    try {
      const { code, stderr } = await runIn(await temporaryFolder(), ['--peers', 'h2o'])
      expect(stderr).toContain("h2o can't be measured here: h2o is not on PATH (Debian: h2o).")
      expect(code).toBe(1)
    } finally {
      process.env['PATH'] = path
    }
  })

  describe.skipIf(!HAS_PROC)('leaves nothing behind (skipped where there is no /proc)', () => {
    for (const { name } of EXTERNAL_PEERS) {
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        testWithProgram(name, `of ${name} when the run gets ${signal}`, async () => {
          const out = join(await temporaryFolder(), 'out')
          const folders = await temporaryRoot()
          const run = startH2lab([
            ...['run', '--duration', '20', '--warmup', '0.1', '--streams', '1', '--repeat', '1'],
            // The implementation serves one client: the peer alone is measured.
            ...['--implementations', 'none/mini', '--peers', name, '--clients', '2'],
            ...['--out', out],
          ])
          await run.printed(`] ${name}, `)
          await eventually(() => {
            const commands = descendantsOf(run.pid).map(({ command }) => command)
            expect(commands.join('\n')).toMatch(/load-worker-process/)
          })
          const children = descendantsOf(run.pid)
          run.process.kill(signal)
          await run.ended
          await allGone(children)
          await eventually(async () => {
            // The lock of a run that was killed stays, and doesn't count.
            const left = (await folders()).filter((name) => !name.startsWith(LOCK_PREFIX))
            expect(left).toEqual([])
          })
        })
      }
    }
  })
})

describe('h2lab run --target', () => {
  test('measures a server that somebody else runs, without CPU figures', async () => {
    const { url } = await nodeServer(ok)
    const { code, stdout, out } = await runIn(await temporaryFolder(), ['--target', url])
    expect(stdout).toContain('2 clients, plain TCP')
    expect(stdout).toContain(url)
    expect(code).toBe(0)
    const { manifest, trials } = await readResults(out)
    expect(manifest.others).toEqual([{ name: url, kind: 'remote', version: 'unknown' }])
    expect(trials).toMatchObject([
      {
        outcome: 'completed',
        implementation: url,
        httpVersion: 'h2',
        requestsFailed: 0,
        serverCpuPerRequest: null,
        serverPeakMemory: null,
      },
    ])
  })

  test.each(['h2', 'http/1.1'] as const)(
    'finds out by ALPN that a server speaks %s',
    async (spoken) => {
      const tls = await readTlsCredentials(await devTls())
      const { url } = await nodeServer(ok, { httpVersion: spoken, tls })
      const { out } = await runIn(await temporaryFolder(), ['--target', url])
      expect((await readResults(out)).trials).toMatchObject([
        { outcome: 'completed', httpVersion: spoken, tls: true, clients: 2, requestsFailed: 0 },
      ])
    },
  )

  test('takes it to speak what --target-http says', async () => {
    const { url } = await nodeServer(ok, { httpVersion: 'http/1.1' })
    const args = ['--target', url, '--target-http', 'http/1.1']
    const { stdout } = await runIn(await temporaryFolder(), args)
    expect(stdout).toContain(`${url} (HTTP/1.1)`)
  })

  test('measures implementations beside it where the scenario is its own', async () => {
    const { url } = await nodeServer(ok)
    const args = ['--target', url, '--implementations', 'node-http2', '--tls', 'both']
    const { out } = await runIn(await temporaryFolder(), args)
    const { trials } = await readResults(out)
    expect(trials.map(({ implementation, tls, round }) => [implementation, tls, round])).toEqual([
      ['node-http2', true, 1],
      ['node-http2', false, 1],
      [url, false, 1],
    ])
  })

  test('a server that answers with another status fails with what it should be', async () => {
    const { url } = await nodeServer((exchange) => exchange.answer(404))
    const { code, stderr } = await runIn(await temporaryFolder(), ['--target', url])
    expect(stderr).toContain(`${url} gave status 404`)
    expect(code).toBe(1)
  })

  test('an address where nobody answers ends the run with the reason', async () => {
    const { code, stderr } = await runIn(await temporaryFolder(), [
      ...['--target', 'https://127.0.0.1:1/'],
    ])
    expect(stderr).toContain("Can't reach https://127.0.0.1:1/: ")
    expect(code).toBe(1)
  })
})
