import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { type CompletedTrial, readResults } from '../../src'
import { h2lab } from '../support/h2lab'

/** As short as it goes on a machine that has other things to do. */
const SHORT = ['--duration', '0.2', '--warmup', '0.1', '--repeat', '1', '--clients', '2']
const BOTH = ['--implementations', 'async/mini,node-http2']

async function runOf(experiment: string, args: readonly string[]) {
  const out = join(await temporaryFolder(), 'out')
  return { ...(await h2lab(['run', experiment, ...SHORT, ...args, '--out', out])), out }
}

async function chartsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith('.svg')).sort()
}

async function completedIn(folder: string): Promise<CompletedTrial[]> {
  const { trials } = await readResults(folder)
  return trials.flatMap((trial) => (trial.outcome === 'completed' ? [trial] : []))
}

describe('h2lab run equal-rate', () => {
  test('loads every server at the same rates, shows CPU per request and draws it', async () => {
    const { code, stdout, stderr, out } = await runOf('equal-rate', ['--rates', '50,100', ...BOTH])
    expect(stderr).toContain(
      '[1-2/4] 2 clients, TLS, 100 streams at 50 requests per second: async/mini, node-http2 in turns',
    )
    expect(stderr).not.toContain('probe')
    expect(stdout).toMatch(/offered/)
    expect(stdout).toContain('p99.9')
    expect(code).toBe(0)

    const trials = await completedIn(out)
    expect(trials.map(({ implementation, offeredRate }) => [implementation, offeredRate])).toEqual([
      ['async/mini', 50],
      ['node-http2', 50],
      ['async/mini', 100],
      ['node-http2', 100],
    ])
    for (const { offeredRate, requestsTotal, duration, method } of trials) {
      // At a steady pace there is no chance in it, and requests that would come too late have no turn.
      expect(requestsTotal).toBeGreaterThan(0)
      expect(requestsTotal).toBeLessThanOrEqual(Math.ceil(duration * offeredRate!) + 1)
      expect(method).toBe('turns')
    }
    const { manifest } = await readResults(out)
    expect(manifest).toMatchObject({
      experiment: { name: 'equal-rate' },
      options: { rates: [50, 100], arrivals: 'constant' },
      probe: null,
    })
    expect(await chartsIn(out)).toEqual(['cpu-at-equal-rate-2-clients-tls.svg'])
  })

  test('chooses rates that leave all servers room, by a probe, and says what it found', async () => {
    const { code, stderr, out } = await runOf('equal-rate', ['--implementations', 'node-http2'])
    expect(stderr).toMatch(
      /probe: node-http2, 2 clients, TLS, 100 streams: [\d,]+ requests per sec/,
    )
    expect(stderr).toMatch(/^rates: [\d, ]+ requests per second$/m)
    expect(code).toBe(0)
    const { manifest } = await readResults(out)
    const [{ requestsPerSecond, ...probed } = { requestsPerSecond: 0 }] = manifest.probe!
    expect(probed).toEqual({ implementation: 'node-http2', clients: 2, tls: true, streams: 100 })
    expect(Math.max(...manifest.options.rates!)).toBeLessThan(requestsPerSecond)
  })
})

describe('h2lab run latency', () => {
  test('measures percentiles at rates, and says up to which each server answers soon', async () => {
    const { code, stdout, out } = await runOf('latency', ['--rates', '200,400', ...BOTH])
    expect(stdout).toContain('2 clients, TLS, 100 streams: highest rate at which answers come soon')
    expect(stdout).toMatch(/1\. (async\/mini|node-http2) /)
    for (const column of ['p50', 'p90', 'p99', 'p99.9']) expect(stdout).toContain(` ${column} `)
    expect(code).toBe(0)

    for (const trial of await completedIn(out)) {
      expect(trial.latencyP50).toBeGreaterThan(0)
      expect(trial.latencyP999).toBeGreaterThanOrEqual(trial.latencyP50!)
    }
    const { manifest } = await readResults(out)
    expect(manifest.options).toMatchObject({ rates: [200, 400], arrivals: 'poisson' })
    expect(await chartsIn(out)).toEqual([
      'latency-p50-2-clients-tls.svg',
      'latency-p99-2-clients-tls.svg',
    ])

    const report = await readFile(join(out, 'report.html'), 'utf8')
    expect(report).toContain('highest rate at which answers come soon')
    expect(report).toContain('200, 400 requests per second, at random (Poisson arrivals)')
    const again = await h2lab(['report', out])
    expect(again.stdout).toContain('highest rate at which answers come soon')
    expect(await readFile(join(out, 'report.html'), 'utf8')).toBe(report)
  })

  test('goes on beyond saturation: what could not be sent is told, and no trial fails', async () => {
    const args = ['--rates', '400000', '--streams', '10', '--implementations', 'node-http2']
    const { code, stdout, out } = await runOf('latency', args)
    expect(stdout).toContain('node-http2 does not answer soon even at 400,000 requests per second')
    expect(stdout).toMatch(/overloaded, [\d,]+ unsent/)
    expect(code).toBe(0)
    const [trial] = await completedIn(out)
    expect(trial).toMatchObject({ requestsFailed: 0, requestsTimedOut: 0 })
    expect(trial!.requestsUnsent).toBeGreaterThan(0)
  })
})
