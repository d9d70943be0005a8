import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/statistics/random'
import { estimateUnpairedRatio } from '../../src/statistics/welch'
import { normal } from '../support/normal'

describe('estimateUnpairedRatio', () => {
  test('is the ratio of the geometric means', () => {
    const { value, low, high, repetitions } = estimateUnpairedRatio([2, 8], [1, 2, 4])!
    expect(value).toBeCloseTo(2, 10)
    expect(repetitions).toBe(2)
    expect(low * high).toBeCloseTo(4, 10)
    expect(low).toBeLessThan(2)
  })

  test('has the interval that Welch’s formulas give', () => {
    // Logarithms 0, 1, 2 and 0, 2, 4, 6: means 1 and 3, squared errors 1/3 and 5/3.
    const e = (powers: readonly number[]) => powers.map(Math.exp)
    const { value, low, high } = estimateUnpairedRatio(e([0, 1, 2]), e([0, 2, 4, 6]))!
    expect(Math.log(value)).toBeCloseTo(-2, 10)
    // (1/3 + 5/3)² / ((1/3)² / 2 + (5/3)² / 3) = 4.0755 degrees, t = 2.7568.
    expect(Math.log(high)).toBeCloseTo(-2 + 2.7568 * Math.sqrt(2), 2)
    expect(Math.log(low)).toBeCloseTo(-2 - 2.7568 * Math.sqrt(2), 2)
  })

  test('of values that do not spread is exact', () => {
    const { value, low, high } = estimateUnpairedRatio([3, 3], [2, 2])!
    expect(value).toBeCloseTo(1.5, 10)
    expect([low, high]).toEqual([value, value])
  })

  test('of a single repetition on either side has no bounds', () => {
    const open = { value: 2, low: 0, high: Number.POSITIVE_INFINITY, repetitions: 1 }
    expect(estimateUnpairedRatio([2], [1, 1])).toEqual(open)
    expect(estimateUnpairedRatio([1, 4], [1])).toEqual(open)
  })

  test('of nothing is nothing', () => {
    expect(estimateUnpairedRatio([], [1, 2])).toBeUndefined()
    expect(estimateUnpairedRatio([1, 2], [])).toBeUndefined()
  })

  test('is refused for what is not positive', () => {
    expect(() => estimateUnpairedRatio([1, 0], [1, 2])).toThrow(RangeError)
  })
})

/** How often the interval holds the true ratio of two servers whose starts spread so. */
function coverage(of: Simulated, by: Simulated): number {
  const random = seededRandom(19_470_101)
  const draws = 10_000
  const truth = 1.2
  let covered = 0
  for (let draw = 0; draw < draws; draw++) {
    const values = ({ repetitions, spread }: Simulated, mean: number) =>
      Array.from({ length: repetitions }, () => mean * Math.exp(spread * normal(random)))
    const { low, high } = estimateUnpairedRatio(values(of, truth), values(by, 1))!
    if (low <= truth && truth <= high) covered++
  }
  return covered / draws
}

interface Simulated {
  readonly repetitions: number
  /** Standard deviation of the logarithm from one start of the server to the next. */
  readonly spread: number
}

const HALF_A_PROCESS = 0.03
const PROCESS = 0.06

test.each<readonly [string, Simulated, Simulated]>([
  ['few', { repetitions: 3, spread: PROCESS }, { repetitions: 3, spread: PROCESS }],
  ['as many', { repetitions: 10, spread: PROCESS }, { repetitions: 10, spread: PROCESS }],
  ['fewer', { repetitions: 5, spread: PROCESS }, { repetitions: 20, spread: PROCESS }],
  ['unequal', { repetitions: 10, spread: HALF_A_PROCESS }, { repetitions: 10, spread: 0.3 }],
  ['fewer unequal', { repetitions: 30, spread: PROCESS }, { repetitions: 5, spread: 2 * PROCESS }],
])('of %s repetitions holds the truth in 93 to 97 of 100 runs', (_, of, by) => {
  const covered = coverage(of, by)
  expect(covered).toBeGreaterThanOrEqual(0.93)
  expect(covered).toBeLessThanOrEqual(0.97)
})
