import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listensOn } from '../../src/processes/listens-on'
import { processTreeOf, usageOfTree } from '../../src/processes/process-tree'
import { listening } from '../support/listening'
import { HAS_PROC } from '../support/processes'

/** Runs a script of sh(1) until it prints; it is gone when the test has finished. */
async function printed(script: string): Promise<number> {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child.pid!
}

const BUSY = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'

describe.skipIf(!HAS_PROC)('what /proc tells (skipped where there is none)', () => {
  test('a process and what it started are a tree', async () => {
    const pid = await printed('/bin/sh -c "echo; read line; true"; true')
    expect(processTreeOf(pid)).toHaveLength(2)
  })

  test('a process that is gone has no tree', () => {
    expect(processTreeOf(2 ** 30)).toEqual([])
  })

  test('the CPU time of a process counts that of processes that it started', async () => {
    const pid = await printed(`/bin/sh -c '${BUSY}; echo; read line'; true`)
    expect(usageOfTree(pid)?.cpu).toBeGreaterThan(0)
  })

  test('and of those among them that have ended', async () => {
    const pid = await printed(`/bin/sh -c '${BUSY}'; echo; read line`)
    expect(processTreeOf(pid)).toEqual([pid])
    expect(usageOfTree(pid)?.cpu).toBeGreaterThan(0)
  })

  test('whose process listens on a port is known', async () => {
    const { port } = await listening(createServer())
    const other = await printed('echo; read line')
    expect(listensOn(process.pid, port)).toBe(true)
    expect(listensOn(other, port)).toBe(false)
  })
})
