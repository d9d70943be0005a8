import { describe, expect, test } from 'vitest'
import {
  type Estimate,
  estimate,
  estimateRatio,
  relativeMargin,
  showsDifference,
} from '../../src/statistics/estimate'
import { type Random, seededRandom } from '../../src/statistics/random'
import { normal } from '../support/normal'

describe('estimate', () => {
  test('is the geometric mean, and an interval that is symmetric as a ratio', () => {
    const { value, low, high, repetitions } = estimate([1, 2, 4])!
    expect({ value, repetitions }).toEqual({ value: 2, repetitions: 3 })
    expect(low * high).toBeCloseTo(4, 10)
    // ln 2 times 4.303 by the root of 3.
    expect(high).toBeCloseTo(2 * Math.exp((Math.LN2 * 4.30265) / Math.sqrt(3)), 3)
  })

  test('of one repetition has no bounds', () => {
    expect(estimate([3])).toMatchObject({ low: 0, high: Number.POSITIVE_INFINITY })
    expect(relativeMargin(estimate([3])!)).toBe(Number.POSITIVE_INFINITY)
  })

  test('of nothing is nothing', () => {
    expect(estimate([])).toBeUndefined()
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('is refused for %f', (value) => {
    expect(() => estimate([1, value])).toThrow(RangeError)
  })

  test('of ratios is free of what both have in common', () => {
    const pairs = [1, 5, 100].map((drift) => ({ of: 3 * drift, by: 2 * drift }))
    const ratio = estimateRatio(pairs)!
    expect(ratio.value).toBeCloseTo(1.5, 10)
    expect(relativeMargin(ratio)).toBeLessThan(1e-9)
  })

  test('shows a difference where 1 is outside of the interval', () => {
    expect(showsDifference({ value: 1.1, low: 1.01, high: 1.2, repetitions: 5 })).toBe(true)
    expect(showsDifference({ value: 0.9, low: 0.8, high: 0.99, repetitions: 5 })).toBe(true)
    expect(showsDifference({ value: 1.1, low: 0.99, high: 1.2, repetitions: 5 })).toBe(false)
  })
})

/** How much one start of a server differs from the next, however long each is measured. */
const PROCESS_SPREAD = 0.06
/** How much a slice differs from the next of the same process. */
const SLICE_SPREAD = 0.1
/** How much the machine's speed changes from one repetition to the next; both servers feel it. */
const DRIFT = 0.3

/**
 * The ratios of a run whose true ratio is known: each repetition starts both servers anew and loads them in turns.
 */
function simulatedRatios(random: Random, truth: number, repetitions: number): number[] {
  const slices = 20
  return Array.from({ length: repetitions }, () => {
    const drift = Math.exp(DRIFT * normal(random))
    const cost = (mean: number) => {
      const process = mean * drift * Math.exp(PROCESS_SPREAD * normal(random))
      let total = 0
      for (let slice = 0; slice < slices; slice++) {
        total += process * Math.max(0.01, 1 + SLICE_SPREAD * normal(random))
      }
      return total / slices
    }
    return cost(truth) / cost(1)
  })
}

/** How often an interval holds the truth. */
function coverage(repetitions: number, intervalOf: (ratios: number[]) => Estimate): number {
  const random = seededRandom(20_130_611)
  const draws = 10_000
  const truth = 1.4
  let covered = 0
  for (let draw = 0; draw < draws; draw++) {
    const { low, high } = intervalOf(simulatedRatios(random, truth, repetitions))
    if (low <= truth && truth <= high) covered++
  }
  return covered / draws
}

/** The other choice: the percentile bootstrap of the mean logarithm. */
function bootstrap(ratios: readonly number[], random: Random): Estimate {
  const repetitions = ratios.length
  const means = Array.from({ length: 200 }, () => {
    let total = 0
    for (let index = 0; index < repetitions; index++) {
      total += Math.log(ratios[Math.floor(random() * repetitions)]!)
    }
    return total / repetitions
  }).sort((a, b) => a - b)
  return {
    value: estimate(ratios)!.value,
    low: Math.exp(means[4]!),
    high: Math.exp(means[194]!),
    repetitions,
  }
}

describe('the 95 % interval of a ratio', () => {
  test.each([2, 3, 5, 10, 30])(
    'holds the truth in 93 to 97 of 100 runs of %i repetitions',
    (repetitions) => {
      const covered = coverage(repetitions, (ratios) => estimate(ratios)!)
      expect(covered).toBeGreaterThanOrEqual(0.93)
      expect(covered).toBeLessThanOrEqual(0.97)
    },
  )

  test('is one that a bootstrap of few repetitions does not reach', () => {
    const random = seededRandom(1)
    expect(coverage(5, (ratios) => bootstrap(ratios, random))).toBeLessThan(0.9)
  })
})
