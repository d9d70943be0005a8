import { describe, expect, test } from 'vitest'
import { currentFrequency, frequencyRange } from '../../src/machine/frequency'
import { machineTimes } from '../../src/machine/machine-times'
import { readText } from '../../src/processes/proc-files'
import { thisMachine } from '../../src/storage/manifest'
import { HAS_PROC } from '../support/processes'

describe('the machine', () => {
  test.skipIf(!HAS_PROC)('counts what all of its CPUs do, and never goes back', () => {
    const before = machineTimes()!
    const after = machineTimes()!
    expect(before.busy).toBeGreaterThan(0)
    expect(after.busy).toBeGreaterThanOrEqual(before.busy)
    expect(after.stolen).toBeGreaterThanOrEqual(before.stolen)
  })

  test.skipIf(!/^cpu MHz/m.test(readText('/proc/cpuinfo') ?? ''))('tells its clocks', () => {
    const { lowest, highest } = currentFrequency()!
    expect(lowest).toBeGreaterThan(0)
    expect(highest).toBeGreaterThanOrEqual(lowest)
  })

  test('has had the clocks of all moments together', () => {
    const all = [
      { lowest: 2000, highest: 2500 },
      { lowest: 1800, highest: 1900 },
    ]
    expect(frequencyRange(all)).toEqual({ lowest: 1800, highest: 2500 })
    expect(frequencyRange([])).toBeUndefined()
  })

  test('says which CPUs were used by whom', () => {
    const pinning = { generator: [1], servers: [0] }
    expect(thisMachine(pinning).used).toEqual(pinning)
  })
})
