import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { readResults } from '../../src'
import { allowedCpus } from '../../src/machine/cpus'
import { LOCK_PREFIX } from '../../src/machine/run-lock'
import { h2lab, startAlone } from '../support/h2lab'
import { HAS_PROC } from '../support/processes'
import { temporaryRoot } from '../support/temporary-root'

/*
 * How long a run goes on, what it says of its precision, and who else measures.
 */

const BRIEF = [
  ...['--duration', '0.1', '--warmup', '0', '--streams', '5', '--clients', '1'],
  ...['--implementations', 'async/mini,node-http2'],
]

async function briefRun(...args: string[]) {
  const out = join(await temporaryFolder(), 'out')
  const ended = await h2lab(['run', ...BRIEF, '--out', out, ...args])
  return { ...ended, ...(await readResults(out)) }
}

describe('h2lab run', () => {
  test('repeats within its budget, and says what precision that bought', async () => {
    const { code, stdout, manifest, trials } = await briefRun('--budget', '0.1')
    const rounds = Math.max(...trials.map(({ round }) => round))
    expect(trials).toHaveLength(2 * rounds)
    expect(manifest).toMatchObject({
      trials: trials.length,
      options: { repeat: rounds },
      repetitions: { kind: 'budget', minutes: 0.1, precision: null },
    })
    const { startedAt, state } = manifest
    if (state.kind !== 'completed') throw new Error(state.kind)
    expect(stdout).toMatch(/^Precision: /m)
    expect(Date.parse(state.endedAt)).toBeGreaterThan(Date.parse(startedAt))
    expect(code).toBe(0)
  })

  test('makes one repetition of each point even if the budget is nothing', async () => {
    const { stderr, trials } = await briefRun('--budget', '0', '--tls', 'both')
    expect(trials.map(({ tls, round }) => [tls, round])).toEqual([
      ...[1, 2].map(() => [true, 1]),
      ...[1, 2].map(() => [false, 1]),
    ])
    expect(stderr).toContain('[1-2] 1 client, TLS, 5 streams: async/mini, node-http2 in turns, ')
  })

  test('ends as soon as the precision is reached', async () => {
    const { stdout, manifest, trials } = await briefRun('--precision', '100%', '--budget', '2')
    const rounds = Math.max(...trials.map(({ round }) => round))
    expect(rounds).toBeGreaterThanOrEqual(5)
    expect(rounds).toBeLessThan(30)
    expect(stdout).toContain('All are within the 100 % asked for.')
    expect(manifest.repetitions).toEqual({ kind: 'budget', minutes: 2, precision: 1 })
  })

  test('says that it was quick', async () => {
    const { stdout, manifest } = await briefRun('--quick', '--repeat', '1')
    expect(stdout).toContain('A quick run is a first look: leave --quick out')
    expect(manifest.quick).toBe(true)
  })

  describe.skipIf(!HAS_PROC || (allowedCpus()?.length ?? 0) < 2)('(skipped with one CPU)', () => {
    testWithProgram('taskset', 'keeps generator and servers apart with --pin', async () => {
      const { code, manifest } = await briefRun('--pin', '--repeat', '1')
      const { generator, servers } = manifest.machine.used!
      expect(generator).toHaveLength(1)
      expect(servers).not.toContain(generator[0])
      expect(code).toBe(0)
    })
  })
})

describe('two runs on one machine', () => {
  const alone = async () => {
    const out = join(await temporaryFolder(), 'out')
    return { out, run: startAlone(['run', ...BRIEF, '--repeat', '1', '--out', out]) }
  }

  test('are not made at the same time: the second one is refused, and names the first', async () => {
    const files = await temporaryRoot()
    const first = await alone()
    await first.run.printed('[1-2/2]')
    const second = await alone()
    const { code, stderr } = await second.run.ended
    expect(stderr).toContain(
      `Another run is measuring on this machine: process ${first.run.pid}, saving to ${first.out}, since 20`,
    )
    expect(stderr).toContain('--force')
    expect(code).toBe(1)
    expect(await first.run.ended).toMatchObject({ code: 0 })
    expect((await files()).filter((name) => name.startsWith(LOCK_PREFIX))).toEqual([])
  })

  test('are made by force, and the second one says so', async () => {
    await temporaryRoot()
    const first = await alone()
    await first.run.printed('[1-2/2]')
    const second = await h2lab(['run', ...BRIEF, '--repeat', '1'], await temporaryFolder())
    expect(second.stderr).toContain(
      `process ${first.run.pid} is also measuring here (${first.out})`,
    )
    expect(second.code).toBe(0)
    expect(await first.run.ended).toMatchObject({ code: 0 })
  })

  test('are one if the other is gone', async () => {
    const files = await temporaryRoot()
    const first = await alone()
    await first.run.printed('[1-2/2]')
    first.run.process.kill('SIGKILL')
    await first.run.ended
    expect((await files()).filter((name) => name.startsWith(LOCK_PREFIX))).toHaveLength(1)
    expect(await (await alone()).run.ended).toMatchObject({ code: 0 })
    expect((await files()).filter((name) => name.startsWith(LOCK_PREFIX))).toEqual([])
  })
})
