import { describe, expect, test } from 'vitest'
import { toCells } from '../../src'
import { toSections } from '../../src/summary/sections'
import { completedTrial, failedTrial, roundsOf } from '../support/trials'

describe('the figures of a cell', () => {
  test('are geometric means over the repetitions, with intervals', () => {
    const [cell] = toCells(roundsOf('async/mini', [1, 2, 4]))
    const { value, low, high, repetitions } = cell!.serverCpuPerRequest!
    expect(value).toBeCloseTo(2, 10)
    expect(low).toBeLessThan(2)
    expect(high).toBeGreaterThan(2)
    expect(repetitions).toBe(3)
    expect(cell).toMatchObject({ completed: 3, latencyMean: { repetitions: 3 } })
  })

  test('have no bounds after a single repetition', () => {
    const [cell] = toCells(roundsOf('async/mini', [3]))
    expect(cell?.serverCpuPerRequest).toEqual({
      value: expect.closeTo(3, 9),
      low: 0,
      high: Number.POSITIVE_INFINITY,
      repetitions: 1,
    })
  })

  test('are of those repetitions that tell them', () => {
    const [cell] = toCells([
      completedTrial({ round: 1, latencyP99: 300 }),
      completedTrial({ round: 2, latencyP99: null }),
      failedTrial({ round: 3 }),
    ])
    expect(cell).toMatchObject({
      completed: 2,
      latencyP99: { value: expect.closeTo(300, 9), repetitions: 1 },
      requestsPerSecond: { repetitions: 2 },
    })
  })

  test('are not told where one is zero: the clock was too coarse for it', () => {
    const [cell] = toCells(roundsOf('async/mini', [0, 2, 2]))
    expect(cell?.serverCpuPerRequest).toBeNull()
  })
})

describe('the ratio to node-http2', () => {
  const ratiosOf = (...trials: ReturnType<typeof roundsOf>[]) =>
    toCells(trials.flat()).map(({ vsBaseline }) => vsBaseline)

  test('is paired by round, so that what disturbed both falls out', () => {
    const [ratio] = ratiosOf(
      roundsOf('async/mini', [1, 5, 100]),
      roundsOf('node-http2', [3, 15, 300]),
    )
    expect(ratio).toEqual({
      value: expect.closeTo(3, 9),
      low: expect.closeTo(3, 9),
      high: expect.closeTo(3, 9),
      repetitions: 3,
    })
  })

  test('is of the rounds that both completed', () => {
    const [ratio] = ratiosOf(
      roundsOf('async/mini', [1, null, 1, 1]),
      roundsOf('node-http2', [3, 50, null, 3]),
    )
    expect(ratio).toMatchObject({ value: expect.closeTo(3, 9), repetitions: 2 })
  })

  test('is not there without a round in common, and not for node-http2 itself', () => {
    expect(ratiosOf(roundsOf('async/mini', [1, null]), roundsOf('node-http2', [null, 3]))).toEqual([
      null,
      null,
    ])
  })

  test('is of the same clients, TLS, streams and offered rate', () => {
    const ratios = ratiosOf(
      roundsOf('async/mini', [10], { streams: 1 }),
      roundsOf('async/mini', [0.5], { streams: 100 }),
      roundsOf('async/mini', [0.4], { streams: 100, tls: false }),
      roundsOf('async/mini', [0.4], { streams: 100, offeredRate: 5000 }),
      roundsOf('node-http2', [30], { streams: 1 }),
      roundsOf('node-http2', [14], { streams: 100 }),
      roundsOf('node-http2', [16], { streams: 100, offeredRate: 5000 }),
    )
    expect(ratios.map((ratio) => ratio?.value)).toEqual([
      expect.closeTo(3, 9),
      expect.closeTo(28, 9),
      undefined,
      expect.closeTo(40, 9),
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('the latency without a queue', () => {
  const unloadedOf = (...abouts: Parameters<typeof completedTrial>[0][]) =>
    toCells(abouts.map((about) => completedTrial(about))).map(
      ({ latencyUnloaded }) => latencyUnloaded,
    )

  test('is the p50 of the same server at its best rate', () => {
    const other = { implementation: 'node-http2' }
    const latencies = unloadedOf(
      ...[
        { offeredRate: 1000, latencyP50: 40_000 },
        { offeredRate: 5000, latencyP50: 39_000 },
      ],
      ...[
        { offeredRate: 1000, latencyP50: 500, ...other },
        { offeredRate: 5000, latencyP50: 800, ...other },
      ],
    )
    expect(latencies).toEqual([39_000, 39_000, 500, 500].map((time) => expect.closeTo(time)))
  })

  test('is unknown of one rate, and in a closed loop', () => {
    const others = [{ clients: 5 }, { tls: false }, { streams: 1 }]
    expect(unloadedOf(...others.map((about) => ({ offeredRate: 1000, ...about })))).toEqual([
      null,
      null,
      null,
    ])
    expect(unloadedOf({}, { streams: 1 })).toEqual([null, null])
  })
})

describe('what went wrong', () => {
  const cellOf = (...abouts: Parameters<typeof completedTrial>[0][]) =>
    toCells(abouts.map((about, index) => completedTrial({ ...about, round: index + 1 })))[0]!

  test('is summed up over the repetitions', () => {
    const one = {
      requestsFailed: 2,
      requestsTimedOut: 1,
      requestsUnsent: 7,
      refusals: 2,
      reconnections: 40,
    }
    const other = {
      requestsFailed: 3,
      requestsTimedOut: 2,
      requestsUnsent: 1,
      refusals: 3,
      reconnections: 1,
    }
    expect(cellOf(one, other)).toMatchObject({
      requestsFailed: 5,
      requestsUnanswered: 3,
      requestsUnsent: 8,
      refusals: 5,
      reconnections: 41,
    })
  })

  test('of requests in flight it is the worst repetition that counts', () => {
    expect(cellOf({ mostInFlight: 10 }, { mostInFlight: 7 }).mostInFlight).toBe(7)
  })

  test('counts turns, those dropped, and repetitions that were not steady', () => {
    const one = { slices: 20, slicesDropped: 3, steady: false, duration: 2 }
    const other = { slices: 10, slicesDropped: 0, steady: true, duration: 1 }
    expect(cellOf(one, other)).toMatchObject({
      slices: 30,
      slicesDropped: 3,
      notSteady: 1,
      turnSeconds: 0.1,
    })
  })

  test('counts what others took, other processes and other machines', () => {
    const one = { othersUtilisation: 0.1, stealUtilisation: 0.2 }
    expect(cellOf(one, { othersUtilisation: 0.5, stealUtilisation: null }).othersUtilisation).toBe(
      0.4,
    )
  })

  test('is unknown where no repetition tells', () => {
    const unknown = {
      ...{ reconnections: null, mostInFlight: null, requestsUnsent: null, slices: null },
      ...{ slicesDropped: null, steady: null, othersUtilisation: null, stealUtilisation: null },
    }
    expect(cellOf(unknown)).toMatchObject({
      ...{ reconnections: null, mostInFlight: null, requestsUnsent: null, slices: null },
      ...{ slicesDropped: null, notSteady: 0, othersUtilisation: null, turnSeconds: null },
    })
  })
})

test('a cell whose every trial failed has reasons and no values', () => {
  const trials = [failedTrial({ error: 'one' }), failedTrial({ error: 'two', round: 2 })]
  expect(toCells(trials)).toEqual([
    {
      implementation: 'async/mini',
      httpVersion: 'h2',
      scenario: { clients: 1, tls: true },
      streams: 10,
      offeredRate: null,
      completed: 0,
      failures: ['one', 'two'],
      repeats: [],
      requestsPerSecond: null,
      latencyMean: null,
      latencyP50: null,
      latencyUnloaded: null,
      latencyP90: null,
      latencyP99: null,
      latencyP999: null,
      serverCpuPerRequest: null,
      serverPeakMemory: null,
      vsBaseline: null,
      requestsFailed: 0,
      requestsUnanswered: 0,
      requestsDue: 0,
      requestsUnsent: null,
      refusals: null,
      reconnections: null,
      mostInFlight: null,
      slices: null,
      slicesDropped: null,
      turnSeconds: null,
      notSteady: 0,
      othersUtilisation: null,
      limit: undefined,
    },
  ])
})

test('a cell has the reasons for which trials were made twice', () => {
  const trials = [
    completedTrial({ repeatedAfter: 'late' }),
    failedTrial({ repeatedAfter: 'later' }),
  ]
  expect(toCells(trials)[0]?.repeats).toEqual(['late', 'later'])
})

test.each([
  [['neither', 'generator', 'server'], 'generator'],
  [['neither', 'server'], 'server'],
  [['neither', 'neither'], 'neither'],
] as const)('of the limits %j the cell has %s', (limits, limit) => {
  expect(toCells(limits.map((one) => completedTrial({ limit: one })))[0]?.limit).toBe(limit)
})

test('sections hold one scenario each, and in it the cells of the same streams and rate together', () => {
  const cells = toCells([
    completedTrial({ streams: 1 }),
    completedTrial({ streams: 1, implementation: 'node-http2' }),
    completedTrial({ streams: 2 }),
    completedTrial({ streams: 2, offeredRate: 5000 }),
    completedTrial({ streams: 1, clients: 5 }),
  ])
  const sections = toSections(cells)
  expect(
    sections.map(({ scenario, groups }) => [
      scenario,
      groups.map(({ streams, offeredRate, cells }) => [streams, offeredRate, cells.length]),
    ]),
  ).toEqual([
    [
      { clients: 1, tls: true },
      [
        [1, null, 2],
        [2, null, 1],
        [2, 5000, 1],
      ],
    ],
    [{ clients: 5, tls: true }, [[1, null, 1]]],
  ])
})
