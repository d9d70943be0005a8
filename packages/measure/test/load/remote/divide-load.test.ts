import { describe, expect, test } from 'vitest'
import type { LoadPart, LoadPlan } from '../../../src/load/plan'
import { dividePart, dividePlan, offsets } from '../../../src/load/remote/divide-load'

const plan = (connections: number): LoadPlan => ({
  origin: 'http://127.0.0.1:1',
  httpVersion: 'h2',
  connections,
  streams: 7,
  requests: [{ method: 'GET', path: '/', headers: [], body: null, weight: 1 }],
  answerTime: 1,
  seed: 5,
})

const open = (from: number, to: number, arrivals: 'constant' | 'poisson'): LoadPart => ({
  loop: { kind: 'open', rate: { from, to }, arrivals },
  until: { kind: 'time', seconds: 3 },
})

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)

describe('the connections of a plan', () => {
  test.each([
    [10, 2, [5, 5]],
    [11, 3, [4, 4, 3]],
    [3, 3, [1, 1, 1]],
  ])('%d among %d workers are %j', (connections, workers, shares) => {
    expect(dividePlan(plan(connections), workers).map((one) => one.connections)).toEqual(shares)
  })

  test('all else is the same for each but the seed', () => {
    const [first, second] = dividePlan(plan(2), 2)
    expect(first).toEqual({ ...plan(1), seed: 5 })
    expect(second).toEqual({ ...plan(1), seed: 6 })
  })
})

describe('a part of a load', () => {
  test.each([
    [10, 4, 1001],
    [7, 3, 7],
    [5, 5, 8],
  ])(
    'of requests by %d connections of %d workers sums up to %d',
    (connections, workers, requests) => {
      const part: LoadPart = { loop: { kind: 'closed' }, until: { kind: 'requests', requests } }
      const shares = dividePart(part, dividePlan(plan(connections), workers)).map(({ until }) =>
        until.kind === 'requests' ? until.requests : 0,
      )
      expect(sum(shares)).toBe(requests)
      expect(Math.min(...shares)).toBeGreaterThan(0)
    },
  )

  test('has the rate in proportion to the connections, at both ends of a ramp', () => {
    const parts = dividePart(open(100, 1000, 'poisson'), dividePlan(plan(5), 2))
    expect(parts.map(({ loop }) => loop)).toEqual([
      { kind: 'open', rate: { from: 60, to: 600 }, arrivals: 'poisson' },
      { kind: 'open', rate: { from: 40, to: 400 }, arrivals: 'poisson' },
    ])
    expect(parts.map(({ until }) => until)).toEqual(Array(2).fill({ kind: 'time', seconds: 3 }))
  })

  test('has constant arrivals of several workers in turns, others as they come', () => {
    expect(offsets(open(100, 100, 'constant'), 3)).toEqual([0, 0.01, 0.02])
    expect(offsets(open(100, 100, 'poisson'), 3)).toEqual([0, 0, 0])
  })

  test('of a ramp, however slowly it begins or ends, goes up in all workers together', () => {
    expect(offsets(open(0.01, 1000, 'constant'), 3)).toEqual([0, 0.001, 0.002])
    expect(offsets(open(1000, 0.01, 'constant'), 3)).toEqual([0, 0.001, 0.002])
  })
})
