import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { machineTimes } from '../../src/machine/machine-times'
import { isDisturbed, watchDisturbance } from '../../src/simulator/disturbance'
import { HAS_PROC } from '../support/processes'

/** CPU seconds that a process uses up, whatever else the machine does. */
const BURNT = 0.5

const BURN = `
  for (;;) {
    const { user, system } = process.cpuUsage()
    if (user + system > ${BURNT} * 1e6) break
  }`

describe.skipIf(!HAS_PROC)('what others take of the machine (skipped without /proc)', () => {
  test('is what a process takes that is nobody’s', async () => {
    const watch = watchDisturbance()!
    await promisify(execFile)(process.execPath, ['-e', BURN])
    const all = watch.end(0)!
    // Counted in ticks, by samples.
    expect(all.others).toBeGreaterThan(BURNT / 2)
    expect(all.stolen).toBeGreaterThanOrEqual(0)
    expect(watch.end(BURNT)!.others).toBeLessThan(all.others + BURNT)
  })

  test('is not what this process takes', () => {
    const busyBefore = machineTimes()!.busy
    const watch = watchDisturbance()!
    const before = process.cpuUsage()
    let used = 0
    while (used < BURNT) {
      const { user, system } = process.cpuUsage(before)
      used = (user + system) / 1e6
    }
    const { others } = watch.end(0)!
    const busy = machineTimes()!.busy - busyBefore
    // The machine is read at other moments here, and counts coarsely.
    expect(others).toBeLessThanOrEqual(busy - used + 0.05)
  })
})

test('a slice is disturbed by a quarter of a CPU, and by as much of the hypervisor', () => {
  const spare = Math.max(0, availableParallelism() - 2)
  const tolerated = 0.1 * (0.25 + 0.5 * spare)
  expect(isDisturbed({ others: tolerated * 0.9, stolen: 0 }, 0.1)).toBe(false)
  expect(isDisturbed({ others: tolerated * 1.1, stolen: 0 }, 0.1)).toBe(true)
  expect(isDisturbed({ others: 0, stolen: tolerated * 1.1 }, 0.1)).toBe(true)
  expect(isDisturbed({ others: tolerated * 0.6, stolen: tolerated * 0.6 }, 0.1)).toBe(true)
  expect(isDisturbed({ others: -0.02, stolen: 0 }, 0.1)).toBe(false)
})
