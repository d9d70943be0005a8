import { describe, expect, test } from 'vitest'
import { currentFrequency, frequencyRange } from '../../src/machine/frequency'
import { machineTimes, timesOf } from '../../src/machine/machine-times'
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

  test('counts only those CPUs that are asked for', () => {
    const text = [
      'cpu  1300 20 400 9 9 9 9 60 0 0',
      'cpu0 1000 0 100 9 9 9 9 10 0 0',
      'cpu1 200 20 100 9 9 9 9 20 0 0',
      'cpu10 100 0 200 9 9 9 9 30 0 0',
      'intr 1 2 3',
    ].join('\n')
    expect(timesOf(text, [1])).toEqual({ busy: 3.2, stolen: 0.2 })
    const both = timesOf(text, [0, 10])
    expect(both.busy).toBeCloseTo(14)
    expect(both.stolen).toBeCloseTo(0.4)
    expect(timesOf(text, undefined).busy).toBeCloseTo(17.2)
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
