import { describe, expect, test } from 'vitest'
import type { LoadVariables } from '../../src'
import { precisionLines } from '../../src/cli/precision-note'
import type { RepetitionPlan } from '../../src/cli/repetition-settings'
import { Repetitions } from '../../src/cli/repetitions'
import { completedTrial, failedTrial } from '../support/trials'

const point = (streams: number, implementation = 'async/mini'): LoadVariables => ({
  scenario: { clients: 1, tls: true },
  streams,
  implementation,
})

const budget = (minutes: number, precision?: number): RepetitionPlan => ({
  kind: 'budget',
  minutes,
  precision,
})

/** Plays a run, in which a repetition of a point takes so many seconds, and returns which were made. */
function made(plan: RepetitionPlan, seconds: Readonly<Record<number, number>>, most = 100) {
  let now = 0
  const repetitions = new Repetitions(plan, () => now)
  const rounds: string[] = []
  let points = Object.keys(seconds).map(Number)
  for (let round = 1; round <= most && points.length > 0; round++) {
    points = points.filter((streams) => {
      if (!repetitions.goesOn({ round, variables: point(streams) })) return false
      now += seconds[streams]! * 1000
      rounds.push(`${round} ${streams}`)
      return true
    })
  }
  return { rounds, seconds: now / 1000 }
}

describe('repetitions', () => {
  test('within a budget are as many as fit, by what those before took', () => {
    const { rounds, seconds } = made(budget(1), { 1: 10, 2: 10 })
    expect(rounds).toEqual(['1 1', '1 2', '2 1', '2 2', '3 1', '3 2'])
    expect(seconds).toBe(60)
  })

  test('that would not fit any more are not begun; a shorter one may', () => {
    const { rounds, seconds } = made(budget(1), { 1: 25, 2: 4 })
    expect(rounds).toEqual(['1 1', '1 2', '2 1', '2 2'])
    expect(seconds).toBe(58)
  })

  test('are one at least', () => {
    expect(made(budget(0), { 1: 10, 2: 10 }).rounds).toEqual(['1 1', '1 2'])
  })

  test('of a fixed number are not bounded by time', () => {
    const plan: RepetitionPlan = { kind: 'fixed', times: 3 }
    expect(made(plan, { 1: 1e6 }, 3).rounds).toEqual(['1 1', '2 1', '3 1'])
    expect(new Repetitions(plan).timeLeft).toBeUndefined()
  })

  test('of trials that run whole are made for all of a point, or for none', () => {
    let now = 0
    const repetitions = new Repetitions(budget(1), () => now)
    const asked = [1, 2].flatMap((round) =>
      ['async/mini', 'node-http2'].map((implementation) => {
        const goesOn = repetitions.goesOn({ round, variables: point(10, implementation) })
        now += 15_000
        return goesOn
      }),
    )
    expect(asked).toEqual([true, true, true, true])
    expect(repetitions.goesOn({ round: 3, variables: point(10) })).toBe(false)
    expect(repetitions.goesOn({ round: 3, variables: point(10, 'node-http2') })).toBe(false)
  })

  test('tell how much of the budget is left', () => {
    let now = 5000
    const repetitions = new Repetitions(budget(1), () => now)
    now += 20_000
    expect(repetitions.timeLeft).toBe(40)
    now += 50_000
    expect(repetitions.timeLeft).toBe(0)
  })

  /** As many repetitions of both servers, whose ratio is off by so much in each. */
  function measured(repetitions: Repetitions, errors: readonly number[]): void {
    for (const [index, error] of errors.entries()) {
      const about = { round: index + 1, streams: 10 }
      const cpu = 2 * (1 + error)
      repetitions.add(completedTrial({ ...about, serverCpuPerRequest: cpu }))
      const baseline = { implementation: 'node-http2', serverCpuPerRequest: 20 }
      repetitions.add(completedTrial({ ...about, ...baseline }))
    }
  }

  test.each([
    ['ten that agree', alternating(10, 0.001), false],
    ['nine that agree, which may be chance', alternating(9, 0.001), true],
    ['ten that do not agree', alternating(10, 0.1), true],
  ])('to a precision end with %s', (_, errors, goesOn) => {
    const repetitions = new Repetitions(budget(60, 0.02), () => 0)
    repetitions.goesOn({ round: 1, variables: point(10) })
    measured(repetitions, errors)
    expect(repetitions.goesOn({ round: 9, variables: point(10) })).toBe(goesOn)
    expect(repetitions.goesOn({ round: 9, variables: point(20) })).toBe(true)
  })
})

describe('what a run says of its precision', () => {
  /** Some rounds of servers with these costs in each. */
  const trials = (costs: Readonly<Record<string, readonly number[]>>) =>
    Object.entries(costs).flatMap(([implementation, all]) =>
      all.map((serverCpuPerRequest, index) =>
        completedTrial({ implementation, round: index + 1, serverCpuPerRequest }),
      ),
    )
  const fixed: RepetitionPlan = { kind: 'fixed', times: 3 }

  test('is how far the intervals of the ratios reach', () => {
    const all = trials({ 'async/mini': [2, 2.1, 1.9], 'node-http2': [20, 20, 20], uws: [5, 5, 5] })
    expect(precisionLines(all, fixed)).toEqual([
      'Precision: after 3 repetitions ratios to node-http2 are known to within 0 % to 13 % (95 % intervals).',
    ])
  })

  test('is of the figures themselves without a baseline', () => {
    expect(precisionLines(trials({ 'async/mini': [2, 4], uws: [1, 1] }), fixed)).toEqual([
      'Precision: after 2 repetitions figures are known to within 0 % to more than 100 % (95 % intervals).',
    ])
  })

  test('is nothing after one repetition', () => {
    expect(precisionLines(trials({ 'async/mini': [2], 'node-http2': [20] }), fixed)).toEqual([
      'Precision: unknown, since each point was measured once: ratios to node-http2 have no interval.',
    ])
  })

  test('has the rows that did not get to what was asked for', () => {
    const all = trials({ 'async/mini': [2, 2.1, 1.9], 'node-http2': [20, 20, 20], uws: [5, 5, 5] })
    expect(precisionLines(all, budget(1, 0.05)).slice(1)).toEqual([
      'Not within the 5 % asked for when the budget was over:',
      '  async/mini, 1 client, TLS, 10 streams: 13 %',
    ])
    expect(precisionLines(all, budget(1, 0.2)).slice(1)).toEqual([
      'All are within the 20 % asked for.',
    ])
  })

  test('leaves out what could not be measured', () => {
    expect(precisionLines([failedTrial()], fixed)).toEqual([])
  })
})

/** So many deviations, as many above as below. */
function alternating(count: number, deviation: number): number[] {
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? deviation : -deviation))
}
