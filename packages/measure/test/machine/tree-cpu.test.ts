import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hasSchedstat } from '../../src/machine/process-cpu'
import { cpuSource, TreeCpu } from '../../src/machine/tree-cpu'
import { HAS_PROC } from '../support/processes'

/** How long the processes under test keep a CPU busy, in milliseconds of their own time. */
const BUSY = 60

/** Uses so much CPU time, whatever else the machine does. */
const BURN = `
  function burn() {
    const begin = process.cpuUsage()
    for (;;) {
      const { user, system } = process.cpuUsage(begin)
      if (user + system >= ${BUSY} * 1000) return
    }
  }`

/** Runs a script of Node.js; it is gone when the test has finished. */
function nodeProcess(script: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', BURN + script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const printed = (child: ChildProcess) => once(child.stdout!, 'data')

const nextStep = async (child: ChildProcess) => {
  child.stdin!.write('\n')
  await printed(child)
}

/** In nanoseconds, with a tick to spare: the coarsest that the system counts. */
const BURNT = BUSY * 1e6 - 1e7

test.skipIf(!HAS_PROC)('the source of CPU time is what the kernel has', () => {
  expect(cpuSource()).toBe(hasSchedstat() ? 'schedstat' : 'usage')
})

describe.skipIf(!HAS_PROC)('the CPU time of a tree of processes (skipped without /proc)', () => {
  test('is counted in less than a tick', async () => {
    const child = nodeProcess('process.stdin.on("data", () => console.log())')
    const cpu = new TreeCpu(child.pid!)
    await nextStep(child)
    const before = cpu.read()
    await nextStep(child)
    const used = cpu.read() - before
    expect(used).toBeGreaterThan(0)
    expect(used % 1e7).not.toBe(0)
  })

  test('has all threads, also those that have ended', async () => {
    const child = nodeProcess(`
      const { Worker } = require('node:worker_threads')
      process.stdin.once('data', () => {
        const worker = new Worker(${JSON.stringify(BURN)} + 'burn()', { eval: true })
        worker.on('exit', () => console.log())
      })
      console.log()`)
    await printed(child)
    const cpu = new TreeCpu(child.pid!)
    const before = cpu.read()
    await nextStep(child)
    expect(cpu.read() - before).toBeGreaterThan(BURNT)
  })

  test('has the children of children', async () => {
    const grandchild = `${BURN}; process.stdin.once('data', () => { burn(); console.log() })`
    const middle = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' })`
    const child = nodeProcess(`
      const options = { stdio: 'inherit' }
      require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(middle)}], options)`)
    const cpu = new TreeCpu(child.pid!)
    const before = cpu.read()
    await nextStep(child)
    expect(cpu.read() - before).toBeGreaterThan(BURNT)
  })

  test('keeps what children had used that have ended, seen before or not', async () => {
    const child = nodeProcess(`
      const { spawn } = require('node:child_process')
      const script = ${JSON.stringify(`${BURN}; burn(); process.stdin.on('data', () => process.exit())`)}
      process.stdin.on('data', () => {
        const worker = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'inherit'] })
        worker.stdin.write('.')
        worker.on('exit', () => console.log())
      })
      console.log()`)
    await printed(child)
    const cpu = new TreeCpu(child.pid!)
    const readings = [cpu.read()]
    for (let step = 1; step <= 2; step++) {
      await nextStep(child)
      readings.push(cpu.read())
    }
    expect(readings[1]! - readings[0]!).toBeGreaterThan(BURNT)
    expect(readings[2]! - readings[1]!).toBeGreaterThan(BURNT)
  })

  test('never goes back, and stays when all are gone', async () => {
    const child = nodeProcess('burn(); process.stdin.on("data", () => console.log())')
    const cpu = new TreeCpu(child.pid!)
    await nextStep(child)
    const readings = [cpu.read(), cpu.read()]
    child.kill('SIGKILL')
    await once(child, 'exit')
    readings.push(cpu.read(), cpu.read())
    expect(readings).toEqual([...readings].sort((one, other) => one - other))
    expect(readings[0]).toBeGreaterThan(BURNT)
    expect(readings[3]).toBe(readings[2])
  })

  test('of a process that never was is nothing', () => {
    expect(new TreeCpu(2 ** 30).read()).toBe(0)
  })
})
