import { describe, expect, test } from 'vitest'
import { type Estimate, estimate, relativeMargin } from '../../src/statistics/estimate'
import { seededRandom } from '../../src/statistics/random'
import { isNarrow } from '../../src/statistics/stopping'
import { normal } from '../support/normal'

/** A comparison that ran out of its budget. */
const MOST_REPETITIONS = 60

/** Repeats until a rule says that it is enough, and returns what is known then. */
function repeatUntil(isEnough: (soFar: Estimate) => boolean, measure: () => number): Estimate {
  const ratios: number[] = []
  for (;;) {
    ratios.push(measure())
    const soFar = estimate(ratios)!
    if (ratios.length === MOST_REPETITIONS || isEnough(soFar)) return soFar
  }
}

/** How often the interval of a run that stops by a rule holds the truth. */
function coverage(isEnough: (soFar: Estimate) => boolean, spread: number, truth: number): number {
  const random = seededRandom(19_650_101)
  const draws = 4000
  let covered = 0
  for (let draw = 0; draw < draws; draw++) {
    const { low, high } = repeatUntil(isEnough, () => truth * Math.exp(spread * normal(random)))
    if (low <= truth && truth <= high) covered++
  }
  return covered / draws
}

const PRECISION = 0.02

describe('a run that stops when its interval is narrow', () => {
  test.each([0.01, 0.03, 0.05])(
    'holds the truth in 93 to 97 of 100 runs whose repetitions spread by %f',
    (spread) => {
      const covered = coverage((soFar) => isNarrow(soFar, PRECISION), spread, 1.05)
      expect(covered).toBeGreaterThanOrEqual(0.93)
      expect(covered).toBeLessThanOrEqual(0.97)
    },
  )

  test('would not if it looked from the fifth repetition on', () => {
    const early = ({ repetitions, ...soFar }: Estimate) =>
      repetitions >= 5 && relativeMargin({ repetitions, ...soFar }) <= PRECISION
    expect(coverage(early, 0.03, 1.05)).toBeLessThan(0.93)
  })
})
