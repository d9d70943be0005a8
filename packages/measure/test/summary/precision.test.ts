import { expect, test } from 'vitest'
import { type Trial, toCells } from '../../src'
import { precisionOf } from '../../src/summary/precision'
import { completedTrial, roundsOf } from '../support/trials'

const rowsOf = (...trials: readonly (readonly Trial[])[]) =>
  precisionOf(toCells(trials.flat())).map(({ cell, of, margin }) => ({
    implementation: cell.implementation,
    of,
    margin,
  }))

test('precision is how far the interval of the ratio to the baseline reaches', () => {
  const rows = rowsOf(
    roundsOf('async/mini', [1, 1.01, 1]),
    roundsOf('async/http2', [2, 2.6, 2.2]),
    roundsOf('node-http2', [20, 20, 20]),
  )
  expect(rows).toEqual([
    { implementation: 'async/mini', of: 'ratio', margin: expect.closeTo(0.0144, 3) },
    { implementation: 'async/http2', of: 'ratio', margin: expect.closeTo(0.4, 1) },
  ])
})

test('without a baseline it is that of the figure, and after a single repetition unknown', () => {
  expect(rowsOf(roundsOf('async/mini', [1]))).toEqual([
    { implementation: 'async/mini', of: 'figure', margin: Number.POSITIVE_INFINITY },
  ])
})

test('the baseline by itself is known as well as its own figure is', () => {
  expect(rowsOf(roundsOf('node-http2', [20, 20.2, 20]))).toEqual([
    { implementation: 'node-http2', of: 'figure', margin: expect.closeTo(0.0144, 3) },
  ])
})

test('of a server whose CPU time nobody tells it is that of requests per second', () => {
  const remote = [1, 2].map((round) => completedTrial({ round, serverCpuPerRequest: null }))
  expect(rowsOf(remote)).toEqual([
    { implementation: 'async/mini', of: 'figure', margin: expect.closeTo(0, 9) },
  ])
})
