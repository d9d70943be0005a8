import { expect, test } from 'vitest'
import { toCells } from '../../src'
import { toSections } from '../../src/summary/sections'
import { completedTrial, failedTrial } from '../support/trials'

test('a cell has the medians of its trials', () => {
  const trials = [5, 1, 3].map((cpu, index) =>
    completedTrial({ round: index + 1, serverCpuPerRequest: cpu, latencyMean: cpu * 10 }),
  )
  expect(toCells(trials)).toEqual([
    expect.objectContaining({ completed: 3, serverCpuPerRequest: 3, latencyMean: 30 }),
  ])
})

test('the median of an even number is the mean of the two in the middle', () => {
  const trials = [1, 10, 4, 2].map((cpu) => completedTrial({ serverCpuPerRequest: cpu }))
  expect(toCells(trials)[0]?.serverCpuPerRequest).toBe(3)
})

test('a cell compares with node-http2 at the same clients, TLS and streams', () => {
  const cells = toCells([
    completedTrial({ streams: 1, serverCpuPerRequest: 10 }),
    completedTrial({ streams: 100, serverCpuPerRequest: 0.5 }),
    completedTrial({ streams: 100, tls: false, serverCpuPerRequest: 0.4 }),
    completedTrial({ implementation: 'node-http2', streams: 1, serverCpuPerRequest: 30 }),
    completedTrial({ implementation: 'node-http2', streams: 100, serverCpuPerRequest: 14 }),
  ])
  expect(cells.map(({ timesLessCpu }) => timesLessCpu)).toEqual([3, 28, null, 1, 1])
})

test('failed requests are summed up over the trials', () => {
  const trials = [completedTrial({ requestsFailed: 2 }), completedTrial({ requestsFailed: 3 })]
  expect(toCells(trials)[0]?.requestsFailed).toBe(5)
})

test('a cell whose every trial failed has reasons and no values', () => {
  expect(toCells([failedTrial({ error: 'one' }), failedTrial({ error: 'two' })])).toEqual([
    {
      implementation: 'async/mini',
      httpVersion: 'h2',
      scenario: { clients: 1, tls: true },
      streams: 10,
      completed: 0,
      failures: ['one', 'two'],
      repeats: [],
      requestsPerSecond: null,
      latencyMean: null,
      latencyP99: null,
      serverCpuPerRequest: null,
      serverPeakMemory: null,
      timesLessCpu: null,
      requestsFailed: 0,
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

test('sections hold one scenario each, and in it the cells with as many streams together', () => {
  const cells = toCells([
    completedTrial({ streams: 1 }),
    completedTrial({ streams: 1, implementation: 'node-http2' }),
    completedTrial({ streams: 2 }),
    completedTrial({ streams: 1, clients: 5 }),
  ])
  const sections = toSections(cells)
  expect(
    sections.map(({ scenario, groups }) => [
      scenario,
      groups.map((group) => [group.streams, group.cells.length]),
    ]),
  ).toEqual([
    [
      { clients: 1, tls: true },
      [
        [1, 2],
        [2, 1],
      ],
    ],
    [{ clients: 5, tls: true }, [[1, 1]]],
  ])
})
