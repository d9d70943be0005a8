import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { runProgram } from '../../test-support/run-program'
import { temporaryFolder } from '../../test-support/temporary-folder'
import type { Outcome } from '../trial/outcome'
import type { PromiseName } from '../trial/promises'

const SUITE = fileURLToPath(new URL('../dist/attack.js', import.meta.url))
const FAULTY = fileURLToPath(new URL('fixtures/faulty-server.mjs', import.meta.url))

/** Promises about time are for a machine that does nothing else: a busy one breaks them as well. */
const OF_TIME: readonly PromiseName[] = ['neighbour-rate', 'neighbour-latency']

/** Attacks a server with the fault given. @returns what was found, and the command's exit status */
async function attacked(fault: string, attack: string) {
  const server = spawn(process.execPath, [FAULTY, fault], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void server.kill('SIGKILL'))
  const [line] = (await once(server.stdout, 'data')) as [Buffer]
  const url = /http:\S+/.exec(line.toString())![0]
  const json = join(await temporaryFolder(), 'outcomes.json')
  const { code, stdout, stderr } = await runProgram(process.execPath, [
    SUITE,
    ...['--target', url, '--pid', String(server.pid), '--only', attack],
    ...['--connections', '1', '--seconds', '1', '--json', json],
  ])
  const [outcome] = JSON.parse(readFileSync(json, 'utf8')) as [Outcome]
  if (outcome.result.kind !== 'measured') throw new Error(stderr)
  const { broken, measurements } = outcome.result
  return { promises: broken.map(({ promise }) => promise), measurements, code, table: stdout }
}

describe('a run against a server', () => {
  test('without a fault finds nothing broken', async () => {
    const { promises, measurements } = await attacked('none', 'idle')
    expect(promises.filter((promise) => !OF_TIME.includes(promise))).toEqual([])
    expect(measurements.neighbour!.beside.requests).toBeGreaterThan(0)
    expect(measurements.neighbour!.control!.neighbour.requests).toBeGreaterThan(0)
    expect(measurements.attacker.opened).toBe(1)
  })

  test('that keeps memory for each request finds that it grows, and keeps it', async () => {
    const { promises, code, table } = await attacked('grows', 'new-paths')
    expect(promises).toEqual(expect.arrayContaining(['memory-growth', 'memory-return']))
    expect(code).toBe(1)
    expect(table).toMatch(/\| new-paths x 1 \| broken: .*\+\d+ MiB; keeps \+\d+ MiB/)
  })

  test('that blocks for 200 ms at a frame finds that its neighbour waits', async () => {
    expect((await attacked('blocks', 'ping-flood')).promises).toContain('neighbour-latency')
  })

  test('that keeps sockets finds that they do not return', async () => {
    expect((await attacked('keeps-sockets', 'new-paths')).promises).toContain('descriptors')
  })

  test('that ends finds it ended', async () => {
    const { promises } = await attacked('ends', 'new-paths')
    expect(promises).toEqual(expect.arrayContaining(['alive', 'served', 'neighbour-connection']))
  })

  test('that takes no more clients finds that they are not served', async () => {
    expect((await attacked('serves-no-more', 'new-paths')).promises).toContain('served')
  })
})
