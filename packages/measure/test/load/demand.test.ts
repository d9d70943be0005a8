import { describe, expect, test } from 'vitest'
import { type Demand, demandOf } from '../../src/load/demand'
import type { LoadPart } from '../../src/load/plan'
import { seededRandom } from '../../src/statistics/random'

/*
 * Which requests a part of a load still wants, on a clock that begins at 1000 ms.
 */

const BEGIN = 1000
const time = (seconds: number) => ({ kind: 'time', seconds }) as const
const requests = (count: number) => ({ kind: 'requests', requests: count }) as const

function closed(until: LoadPart['until']): Demand {
  return demandOf({ loop: { kind: 'closed' }, until }, BEGIN, seededRandom(1))
}

/** Ten requests a second, each 100 ms after the one before. */
function open(until: LoadPart['until']): Demand {
  const loop = { kind: 'open', rate: { from: 10, to: 10 }, arrivals: 'constant' } as const
  return demandOf({ loop, until }, BEGIN, seededRandom(1))
}

/** Takes all that there is. */
function takeAll(demand: Demand, now: number): number[] {
  const taken: number[] = []
  for (let at = demand.take(now); !Number.isNaN(at); at = demand.take(now)) taken.push(at)
  return taken
}

describe('a closed loop', () => {
  test('wants a request whenever there is room, due at that moment, until its time is over', () => {
    const demand = closed(time(2))
    expect(demand.take(1500)).toBe(1500)
    expect(demand.isOver(2999)).toBe(false)
    expect(demand.take(3000)).toBeNaN()
    expect(demand.isOver(3000)).toBe(true)
    expect(demand.waiting).toBe(0)
  })

  test('wants so many requests, however long that takes', () => {
    const demand = closed(requests(2))
    expect([demand.take(1500), demand.take(1e9), demand.take(1e9)]).toEqual([1500, 1e9, Number.NaN])
    expect(demand.isOver(1e9)).toBe(true)
  })

  test('wants what the server did not process once more', () => {
    const demand = closed(requests(1))
    demand.take(1500)
    demand.giveBack(1500)
    expect([demand.isOver(1600), demand.waiting]).toEqual([false, 1])
    expect(demand.take(1600)).toBe(1600)
    expect(demand.isOver(1600)).toBe(true)
  })

  test('is driven by its answers: no request is due by itself', () => {
    const demand = closed(time(2))
    expect(demand.nextAt(1500)).toBe(Number.POSITIVE_INFINITY)
    expect(demand.hasWaiting(1500)).toBe(false)
  })

  test('wants nothing after it was stopped', () => {
    const demand = closed(time(2))
    demand.stop(1500)
    expect(demand.take(1500)).toBeNaN()
    expect(demand.isOver(1500)).toBe(true)
  })
})

describe('an open loop', () => {
  test('wants requests when they are due, the first at once', () => {
    const demand = open(time(1))
    expect(takeAll(demand, 1000)).toEqual([1000])
    expect(takeAll(demand, 1099)).toEqual([])
    expect(demand.nextAt(1099)).toBe(1100)
    expect(takeAll(demand, 1100)).toEqual([1100])
  })

  test('remembers when each that had no room was due', () => {
    const demand = open(time(1))
    expect(demand.hasWaiting(1000)).toBe(true)
    expect(takeAll(demand, 1350)).toEqual([1000, 1100, 1200, 1300])
    expect(demand.hasWaiting(1350)).toBe(false)
  })

  test('still wants after its end what was due before, then tells what stays', () => {
    const demand = open(time(1))
    expect(demand.isOver(2000)).toBe(true)
    expect(demand.take(2500)).toBe(1000)
    demand.finish(2500)
    expect(demand.take(2500)).toBeNaN()
    expect(demand.waiting).toBe(9)
  })

  test('is over when so many requests were taken as were asked for', () => {
    const demand = open(requests(3))
    expect(takeAll(demand, 1e6)).toEqual([1000, 1100, 1200])
    expect([demand.isOver(1e6), demand.waiting]).toEqual([true, 0])
  })

  test('keeps the due time of what the server did not process', () => {
    const demand = open(requests(1))
    expect(demand.take(1000)).toBe(1000)
    demand.giveBack(1000)
    expect(demand.isOver(1500)).toBe(false)
    expect(demand.take(1500)).toBe(1000)
  })

  test('counts those that nobody had room for, however many, and keeps none of them', () => {
    const loop = { kind: 'open', rate: { from: 1e8, to: 1e8 }, arrivals: 'constant' } as const
    const demand = demandOf({ loop, until: time(1000) }, BEGIN, seededRandom(1))
    expect(demand.take(2000)).toBe(1000)
    demand.giveBack(1000)
    demand.stop(101_000)
    // The first is due at the beginning and was given back, the last at the very end.
    expect(demand.waiting).toBe(1e10 + 1)
  })

  test('loses none of many that wait', () => {
    const loop = { kind: 'open', rate: { from: 1e5, to: 1e5 }, arrivals: 'constant' } as const
    const demand = demandOf({ loop, until: requests(5000) }, BEGIN, seededRandom(1))
    const some = Array.from({ length: 3000 }, () => demand.take(1e6))
    const rest = takeAll(demand, 1e6)
    expect(some.length + rest.length).toBe(5000)
    expect([...some, ...rest].every((at, index, all) => index === 0 || at > all[index - 1]!)).toBe(
      true,
    )
  })
})
