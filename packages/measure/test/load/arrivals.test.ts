import { describe, expect, test } from 'vitest'
import { MOST_COUNTED, planArrivals } from '../../src/load/arrivals'
import type { LoadPart } from '../../src/load/plan'
import { seededRandom } from '../../src/statistics/random'

type Rate = Extract<LoadPart['loop'], { kind: 'open' }>['rate']

function times(
  rate: Rate,
  until: LoadPart['until'],
  arrivals: 'constant' | 'poisson' = 'constant',
  seed = 1,
): number[] {
  const planned = planArrivals({ kind: 'open', rate, arrivals }, until, seededRandom(seed))
  const all: number[] = []
  for (let at = planned.next(); at !== Number.POSITIVE_INFINITY; at = planned.next()) all.push(at)
  return all
}

const seconds = (value: number) => ({ kind: 'time', seconds: value }) as const
const requests = (value: number) => ({ kind: 'requests', requests: value }) as const

describe.each(['constant', 'poisson'] as const)(
  '%s arrivals that nobody takes are counted',
  (kind) => {
    const rates = [
      { from: 100, to: 100 },
      { from: 1, to: 500 },
      { from: 777.7, to: 3.3 },
    ]

    test.each(rates)('as many as would have come, at $from to $to', (rate) => {
      for (const until of [seconds(3), requests(200)]) {
        const all = times(rate, until, kind)
        for (const [taken, at] of [
          [0, 1.234],
          [5, 0.5],
          [3, 100],
          [all.length, 9],
        ] as const) {
          const loop = { kind: 'open', rate, arrivals: kind } as const
          const planned = planArrivals(loop, until, seededRandom(1))
          for (let count = 0; count < taken; count++) planned.next()
          const wanted = all.slice(taken).filter((one) => one <= at).length
          expect(planned.countUntil(at), `${taken} taken, until ${at}`).toBe(wanted)
        }
      }
    })
  },
)

test('very many random arrivals are estimated beyond a million', () => {
  const loop = { kind: 'open', rate: { from: 1e7, to: 1e7 }, arrivals: 'poisson' } as const
  const counted = planArrivals(loop, seconds(50), seededRandom(1)).countUntil(40)
  // Five standard deviations of those that were counted.
  expect(Math.abs(counted - 4e8)).toBeLessThan(5 * Math.sqrt(MOST_COUNTED))
})

describe('constant arrivals', () => {
  test('are as far apart as the rate says, the first at once', () => {
    expect(times({ from: 4, to: 4 }, seconds(1))).toEqual([0, 0.25, 0.5, 0.75])
  })

  test.each([
    [1000, 3],
    [0.5, 10],
    [333.3, 2.5],
  ])('at %d a second are as many as fit into %d s', (rate, duration) => {
    expect(times({ from: rate, to: rate }, seconds(duration))).toHaveLength(
      Math.ceil(rate * duration - 1e-9),
    )
  })

  test('are exactly as many as were asked for', () => {
    expect(times({ from: 7, to: 7 }, requests(23))).toHaveLength(23)
  })

  test('of a ramp come closer and closer: as many as the rate has summed up to by then', () => {
    const all = times({ from: 100, to: 300 }, seconds(2))
    expect(all).toHaveLength(400)
    // 100 t + 50 t² requests by t.
    expect(all.filter((at) => at < 1)).toHaveLength(150)
  })

  test('of a ramp that falls become rarer', () => {
    const all = times({ from: 300, to: 100 }, seconds(2))
    expect(all).toHaveLength(400)
    expect(all.filter((at) => at < 1)).toHaveLength(250)
  })

  test('of a ramp by a number of requests go from one rate to the other', () => {
    const all = times({ from: 100, to: 300 }, requests(400))
    expect(all).toHaveLength(400)
    expect(all.at(-1)).toBeGreaterThan(1.98)
    expect(all.at(-1)).toBeLessThan(2)
  })
})

describe('Poisson arrivals', () => {
  const all = times({ from: 1000, to: 1000 }, seconds(20), 'poisson')
  const gaps = all.slice(1).map((at, index) => at - all[index]!)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length

  test('are as many as the rate says, but for chance', () => {
    // Three standard deviations of a Poisson distribution, the root of its mean.
    expect(Math.abs(all.length - 20_000)).toBeLessThan(3 * Math.sqrt(20_000))
  })

  test('have gaps that are distributed exponentially', () => {
    expect(mean).toBeCloseTo(0.001, 4)
    const longer = gaps.filter((gap) => gap > 2 * mean).length / gaps.length
    expect(longer).toBeCloseTo(Math.exp(-2), 1)
  })

  test('are the same ones for the same seed, and others for another', () => {
    const rate = { from: 50, to: 100 }
    expect(times(rate, seconds(1), 'poisson', 5)).toEqual(times(rate, seconds(1), 'poisson', 5))
    expect(times(rate, seconds(1), 'poisson', 5)).not.toEqual(times(rate, seconds(1), 'poisson', 6))
  })

  test('are exactly as many as were asked for', () => {
    expect(times({ from: 100, to: 10 }, requests(77), 'poisson')).toHaveLength(77)
  })
})
