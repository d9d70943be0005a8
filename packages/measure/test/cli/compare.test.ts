import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import type { CompletedTrial, Trial } from '../../src'
import type { Comparison } from '../../src/compare/comparison'
import { h2lab } from '../support/h2lab'
import { smallRepository } from '../support/revisions'
import { savedRun } from '../support/saved-run'
import { completedTrial, manifestOf } from '../support/trials'

/** Repetitions whose CPU time per request is around a mean. */
function repetitions(mean: number, about: Partial<CompletedTrial> = {}): Trial[] {
  return [0.98, 0.99, 1, 1.01, 1.02].map((factor, index) =>
    completedTrial({ round: index + 1, serverCpuPerRequest: mean * factor, ...about }),
  )
}

describe('h2lab compare of two folders', () => {
  test('says first what it comes to, then each figure, and exits 0 within the threshold', async () => {
    const [a, b] = [await savedRun(repetitions(2)), await savedRun(repetitions(2))]
    const { code, stdout, stderr } = await h2lab(['compare', a, b])
    expect(stderr).toBe('')
    const [verdict] = stdout.split('\n')
    expect(verdict).toMatch(/^No difference shown between .* in 2 figures: it would be at most/)
    expect(stdout).toContain('async/mini, 1 client, TLS, 10 streams, 5 repetitions')
    expect(stdout).toContain('2.0 us (2.0 to 2.0)')
    expect(stdout).toContain('These are two runs')
    expect(code).toBe(0)
  })

  test('exits 1 if B is worse by more than the threshold', async () => {
    const [a, b] = [await savedRun(repetitions(2)), await savedRun(repetitions(2.4))]
    const worse = await h2lab(['compare', a, b])
    expect(worse.stdout).toMatch(
      /^WORSE: .* by more than 5 % in 1 of 2 figures, most in async\/mini/,
    )
    expect(worse.code).toBe(1)
    expect(await h2lab(['compare', a, b, '--threshold', '30%'])).toMatchObject({ code: 0 })
    expect(await h2lab(['compare', b, a])).toMatchObject({ code: 0 })
  })

  test('--json prints it for programs', async () => {
    const [a, b] = [await savedRun(repetitions(2)), await savedRun(repetitions(2.4))]
    const { code, stdout } = await h2lab(['compare', a, b, '--json'])
    const comparison = JSON.parse(stdout) as Comparison & { readonly outcome: string }
    expect(comparison).toMatchObject({
      outcome: 'beyond',
      a: { name: a },
      b: { name: b },
      pairing: 'none',
      threshold: 0.05,
      points: [
        {
          subject: 'async/mini',
          scenario: { clients: 1, tls: true },
          streams: 10,
          effects: [
            { figure: 'serverCpuPerRequest', verdict: 'beyond' },
            { figure: 'requestsPerSecond', verdict: 'none' },
          ],
        },
      ],
    })
    expect(comparison.points[0]?.effects[0]?.ratio.value).toBeCloseTo(1.2, 6)
    expect(code).toBe(1)
  })

  test('--markdown prints it for a pull request, whatever the names hold', async () => {
    const about = { implementation: 'a|b_c<d>' }
    const folders = [await savedRun(repetitions(2, about)), await savedRun(repetitions(2.4, about))]
    const { stdout } = await h2lab(['compare', ...folders, '--markdown'])
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^\*\*WORSE: .*\*\*$/)
    expect(
      lines.find((line) => line.startsWith('| a\\|b\\_c\\<d\\>, 1 client, TLS, 10 streams')),
    ).toMatch(
      /\| CPU per request \| 2\.0 us .* \| 2\.4 us .* \| \+20 % .* \| \*\*worse, beyond the threshold\*\* \|$/,
    )
  })

  test('is refused if more differs than the servers, unless forced', async () => {
    const trials = repetitions(2)
    const machine = { ...manifestOf(trials).machine, cpu: 'Another CPU' }
    const [a, b] = [await savedRun(trials), await savedRun(trials, { machine })]
    const refused = await h2lab(['compare', a, b])
    expect(refused.stderr).toContain('machine: cpu: A CPU in A, Another CPU in B')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    const forced = await h2lab(['compare', a, b, '--force'])
    expect(forced.stdout).toContain('Compared although this differs: machine: cpu')
    expect(forced.code).toBe(0)
  })

  test('that are no runs ends with the missing file', async () => {
    const [a, b] = [await savedRun(repetitions(2)), await temporaryFolder()]
    const { code, stderr } = await h2lab(['compare', a, b])
    expect(stderr).toContain(`Can't read ${join(b, 'manifest.json')}`)
    expect(code).toBe(1)
  })
})

test('h2lab compare without A and B is wrong usage', async () => {
  const { code, stderr } = await h2lab(['compare'])
  expect(stderr).toContain('h2lab compare needs A and B')
  expect(code).toBe(2)
})

/** As short as it goes: two repetitions. */
const SHORT = ['--repeat', '3', '--streams', '10', '--clients', '1', '--force']

describe('h2lab compare of servers', () => {
  test('measures them in turns and finds what differs much', async () => {
    const servers = ['async/mini', 'node-http2']
    const { stdout, stderr } = await h2lab(['compare', ...servers, ...SHORT, '--json'])
    expect(stderr).toContain('repetition 3: 1 client, TLS, 10 streams')
    const comparison = JSON.parse(stdout) as Comparison
    expect(comparison).toMatchObject({ pairing: 'rounds', a: { name: 'async/mini' } })
    const [point] = comparison.points
    expect(point).toMatchObject({ subject: null, streams: 10, failures: [] })
    const [cpu] = point!.effects
    expect(cpu).toMatchObject({ figure: 'serverCpuPerRequest', verdict: 'beyond' })
    expect(cpu!.ratio).toMatchObject({ repetitions: 3 })
    expect(cpu!.ratio.value).toBeGreaterThan(2)
  })

  test('that can’t serve so many clients is refused', async () => {
    const { code, stderr } = await h2lab([
      'compare',
      'none/mini',
      'async/mini',
      '--clients',
      '5',
      '--force',
    ])
    expect(stderr).toContain('No two of none/mini, async/mini can serve 5 clients at once.')
    expect(code).toBe(1)
  })
})

describe('h2lab compare of revisions', () => {
  test('builds both and finds a slowdown; a revision beside itself is one build', async () => {
    const { folder, commit, git } = await smallRepository()
    const server = await git('show', 'HEAD:server-process.js')
    await commit({ 'server-process.js': server.replace('SPIN = 0', 'SPIN = 500') })
    const cache = await temporaryFolder()
    process.env['XDG_CACHE_HOME'] = cache
    try {
      const args = ['compare', '--implementations', 'async/http2', ...SHORT, '--markdown']
      const { code, stdout, stderr } = await h2lab([...args, '--revisions', 'HEAD~1,main'], folder)
      expect(stderr).toContain('building HEAD~1')
      expect(stdout).toMatch(/^\*\*WORSE: main is worse than HEAD~1 by more than 5 %/)
      expect(stdout).toContain(`B: main (${(await git('rev-parse', 'HEAD')).slice(0, 12)})`)
      expect(code).toBe(1)
      const same = await h2lab([...args, '--revisions', 'main,HEAD', '--threshold', '900%'], folder)
      expect(same.stderr).not.toContain('building')
      expect(same).toMatchObject({ code: 0 })
      expect(await readdir(join(cache, 'h2lab', 'revisions'))).toHaveLength(2)
    } finally {
      delete process.env['XDG_CACHE_HOME']
    }
  }, 120_000)

  test('of a server that a revision does not have says so, and is no success', async () => {
    const { folder, commit, git } = await smallRepository()
    const server = await git('show', 'HEAD:server-process.js')
    const failing = server.replace(
      'const { tls } = setup',
      "process.send({ type: 'failed', message: 'There is no ' + setup.name + '.' }); return",
    )
    await commit({ 'server-process.js': failing })
    const cache = await temporaryFolder()
    process.env['XDG_CACHE_HOME'] = cache
    try {
      const args = ['compare', '--implementations', 'async/http2', '--force', '--clients', '1']
      const { code, stdout } = await h2lab([...args, '--revisions', 'main~1,main'], folder)
      expect(stdout).toContain('could not start: There is no async/http2.')
      expect(code).toBe(1)
    } finally {
      delete process.env['XDG_CACHE_HOME']
    }
  }, 120_000)
})
