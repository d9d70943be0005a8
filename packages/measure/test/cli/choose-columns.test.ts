import { expect, test } from 'vitest'
import { toCells } from '../../src'
import { chooseColumns } from '../../src/cli/choose-columns'
import { completedTrial } from '../support/trials'

const TRIALS = [
  completedTrial({ implementation: 'async-custom/http2', limit: 'server' }),
  completedTrial({ implementation: 'node-http2', serverCpuPerRequest: 30 }),
]

function namesAt(width: number, trials = TRIALS) {
  const { columns, leftOut } = chooseColumns(toCells(trials), width)
  return { shown: columns.map(({ name }) => name), leftOut: leftOut.map(({ name }) => name) }
}

test('where there is room all columns are shown', () => {
  expect(namesAt(Number.POSITIVE_INFINITY)).toEqual({
    shown: ['req/s', 'mean', 'p99', 'CPU/req', 'vs node-http2', 'peak memory', 'failed', 'limit'],
    leftOut: [],
  })
})

test('at 80 characters those are left out that tell least', () => {
  expect(namesAt(80)).toEqual({
    shown: ['req/s', 'mean', 'CPU/req', 'vs node-http2'],
    leftOut: ['p99', 'peak memory', 'failed', 'limit'],
  })
})

test('failed requests are shown at any width', () => {
  const trials = [...TRIALS, completedTrial({ requestsFailed: 1 })]
  expect(namesAt(80, trials).shown).toContain('failed')
  expect(namesAt(10, trials).shown).toEqual(['failed'])
})

test('a column without a value is not there, and is not missed', () => {
  const without = { latencyP99: null, serverCpuPerRequest: null, serverPeakMemory: null }
  expect(namesAt(Number.POSITIVE_INFINITY, [completedTrial(without)])).toEqual({
    shown: ['req/s', 'mean', 'failed'],
    leftOut: [],
  })
})
