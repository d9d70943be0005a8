import { expect, test } from 'vitest'
import { toCells } from '../../src'
import { chooseColumns } from '../../src/cli/choose-columns'
import { completedTrial } from '../support/trials'

const TRIALS = [1, 2].flatMap((round) => [
  completedTrial({ round, implementation: 'async-custom/http2', limit: 'server' }),
  completedTrial({ round, implementation: 'node-http2', serverCpuPerRequest: 30 }),
])

function namesAt(width: number, trials = TRIALS) {
  const { columns, leftOut } = chooseColumns(toCells(trials), width)
  return { shown: columns.map(({ name }) => name), leftOut: leftOut.map(({ name }) => name) }
}

test('where there is room all columns are shown that say something', () => {
  expect(namesAt(Number.POSITIVE_INFINITY)).toEqual({
    shown: ['req/s', 'mean', 'p99', 'CPU/req', 'vs node-http2', 'peak memory', 'failed', 'limit'],
    leftOut: [],
  })
})

test('at 80 characters those are left out that tell least', () => {
  expect(namesAt(80)).toEqual({
    shown: ['req/s', 'CPU/req', 'vs node-http2'],
    leftOut: ['mean', 'p99', 'peak memory', 'failed', 'limit'],
  })
})

test('the figure to compare by and failed requests are shown at any width', () => {
  const trials = [...TRIALS, completedTrial({ requestsFailed: 1 })]
  expect(namesAt(80, trials).shown).toContain('failed')
  expect(namesAt(10, trials).shown).toEqual(['CPU/req', 'failed'])
})

test('a column without a value is not there, and is not missed', () => {
  const without = { latencyP99: null, serverCpuPerRequest: null, serverPeakMemory: null }
  expect(namesAt(Number.POSITIVE_INFINITY, [completedTrial(without)])).toEqual({
    shown: ['req/s', 'mean', 'failed'],
    leftOut: [],
  })
})

test.each([
  [{ refusals: 12 }, '12 refused'],
  [{ reconnections: 41 }, '41 reconnected'],
  [{ mostInFlight: 4 }, '4 in flight'],
  [{ requestsFailed: 3, requestsTimedOut: 3 }, '3 unanswered'],
  [{ offeredRate: 5000, requestsUnsent: 7 }, '7 unsent'],
])('of %j the row has %s, also at 80 characters', (about, text) => {
  const cells = toCells([...TRIALS, completedTrial({ implementation: 'nginx', ...about })])
  const remarks = chooseColumns(cells, 80).columns.find(({ name }) => name === 'remarks')
  expect(cells.map((cell) => remarks?.text(cell))).toEqual(['-', '-', text])
})

test('a row has all that there is to remark', () => {
  const about = { reconnections: 1, requestsTimedOut: 3, mostInFlight: 4 }
  const cells = toCells([completedTrial(about)])
  const { columns } = chooseColumns(cells, Number.POSITIVE_INFINITY)
  const remarks = columns.find(({ name }) => name === 'remarks')
  expect(remarks?.text(cells[0]!)).toBe('3 unanswered, 4 in flight, 1 reconnected')
})

test.each([
  ['turns dropped', { slices: 20, slicesDropped: 5 }, '5 of 25'],
  ['not steady', { steady: false }, '1 of 1'],
  ["others' load", { othersUtilisation: 0.25 }, '0.25'],
])('%s is a column where there is something to tell', (name, about, text) => {
  const cells = toCells([...TRIALS, completedTrial({ implementation: 'nginx', ...about })])
  const { columns } = chooseColumns(cells, Number.POSITIVE_INFINITY)
  expect(columns.find((column) => column.name === name)?.text(cells[2]!)).toBe(text)
})
