import { describe, expect, test } from 'vitest'
import { type Estimate, estimate, showsDifference } from '../../src/statistics/estimate'
import { holdTogether } from '../../src/statistics/holm'
import { type Random, seededRandom } from '../../src/statistics/random'

/** Ratios of so many repetitions that spread a little around a value. */
function ratioOf(value: number, repetitions = 8): Estimate {
  return estimate(
    Array.from({ length: repetitions }, (_, index) => value * (index % 2 === 0 ? 1.05 : 1 / 1.05)),
  )!
}

describe('differences that hold together', () => {
  test('one alone holds where its interval does not contain 1', () => {
    for (const value of [1, 1.02, 1.04, 1.06, 1.2, 0.9]) {
      const ratio = ratioOf(value)
      expect(holdTogether([ratio])).toEqual([showsDifference(ratio)])
    }
  })

  test('a weak one does not hold among many, a strong one does', () => {
    const weak = ratioOf(1.05)
    expect(showsDifference(weak)).toBe(true)
    const others = Array.from({ length: 20 }, () => ratioOf(1))
    expect(holdTogether([weak, ...others])[0]).toBe(false)
    expect(holdTogether([ratioOf(2), ...others])[0]).toBe(true)
  })

  test('a strong one leaves more room for the next', () => {
    // At 95 % it would hold among two, not among three.
    const middling = ratioOf(1.058)
    const holds = (strong: number) => holdTogether([ratioOf(strong), ratioOf(1), middling])[2]
    expect(holds(1)).toBe(false)
    expect(holds(9)).toBe(true)
  })

  test('a single repetition shows nothing', () => {
    expect(holdTogether([estimate([9])!])).toEqual([false])
  })

  test('what never varies holds, unless there is no difference', () => {
    expect(holdTogether([estimate([2, 2])!, estimate([1, 1])!])).toEqual([true, false])
  })

  test('of nothing is nothing', () => {
    expect(holdTogether([])).toEqual([])
  })
})

const RUNS = 400

test('a dozen servers that are the same: hardly a run claims a difference together, many do by itself', () => {
  const random = seededRandom(12)
  let together = 0
  let byItself = 0
  for (let run = 0; run < RUNS; run++) {
    const pairs = pairsOf(Array.from({ length: 12 }, () => figures(random)))
    if (holdTogether(pairs).includes(true)) together++
    if (pairs.some(showsDifference)) byItself++
  }
  // 3,000 runs have 5.1 %; so few have some more or less.
  expect(together / RUNS).toBeLessThan(0.075)
  expect(byItself / RUNS).toBeGreaterThan(0.3)
})

/** What one of the servers took in each of five repetitions. */
function figures(random: Random): number[] {
  return Array.from({ length: 5 }, () => Math.exp(0.06 * normal(random)))
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function pairsOf(servers: readonly (readonly number[])[]): Estimate[] {
  return servers.flatMap((one, index) =>
    servers.slice(0, index).map((other) => estimate(one.map((value, at) => value / other[at]!))!),
  )
}
