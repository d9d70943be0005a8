import { expect, test } from 'vitest'
import { toCells } from '../../src'
import { formatPart, precisionOf } from '../../src/summary/precision'
import { roundsOf } from '../support/trials'

const CELLS = toCells([
  ...roundsOf('async/mini', [1, 1.01, 1]),
  ...roundsOf('async/http2', [2, 2.6, 2.2]),
  ...roundsOf('node-http2', [20, 20, 20]),
])

test('precision is how wide the intervals of ratios to the baseline are', () => {
  const { narrowest, widest, ratios, missed } = precisionOf(CELLS, 0.05)!
  expect(narrowest).toBeCloseTo(0.0144, 3)
  expect(widest).toBeGreaterThan(0.3)
  expect(ratios).toBe(2)
  expect(missed.map(({ implementation }) => implementation)).toEqual(['async/http2'])
})

test('nothing is missed where nothing was wanted, and nothing is known without a ratio', () => {
  expect(precisionOf(CELLS)?.missed).toEqual([])
  expect(precisionOf(toCells(roundsOf('async/mini', [1, 2])))).toBeUndefined()
})

test.each([
  [0.05, '±5%'],
  [0.0083, '±0.83%'],
  [0.126, '±13%'],
  [Number.POSITIVE_INFINITY, 'unknown'],
])('the part %d is shown as %s', (part, text) => {
  expect(formatPart(part)).toBe(text)
})
