import { expect, test } from 'vitest'
import { toCells } from '../../src'
import { chartFrame, roomAbove, WIDTH } from '../../src/charts/chart-style'
import { drawDotChart } from '../../src/charts/dot-chart'
import { equalRateCharts } from '../../src/charts/equal-rate-charts'
import { manifestOf, roundsOf } from '../support/trials'

const LONG = 'a subtitle that goes on and on; '.repeat(8).trim()

/** Of the narrowest letter that still has to fit. */
const LEAST_LETTER = 6

function longestLine(subtitle: string): number {
  const { title } = chartFrame({ title: 'A title', subtitle })
  const { subtext = '' } = title as { subtext?: string }
  return Math.max(...subtext.split('\n').map(({ length }) => length))
}

test('a subtitle is broken where it would be cut off, and nothing of it is lost', () => {
  expect(longestLine(LONG) * LEAST_LETTER).toBeLessThan(WIDTH)
  const { title } = chartFrame({ title: 'A title', subtitle: LONG })
  expect((title as { subtext: string }).subtext.replaceAll('\n', ' ')).toBe(LONG)
})

test('what is drawn begins below it, however many lines it has', () => {
  expect(roomAbove(LONG)).toBeGreaterThan(roomAbove('short'))
  const dot = {
    ...{ name: 'a', implementation: 'async/mini', value: 1, low: 1, high: 1, label: '1' },
    hollow: false,
  }
  const chart = { title: 'A title', subtitle: LONG, xName: 'x', dots: [dot] }
  expect(drawDotChart(chart)).toContain('goes on and on;</text>')
})

test('all of the subtitle of a chart is there', () => {
  const trials = roundsOf('async/mini', [1, 2], { offeredRate: 1000, requestsUnsent: 10_000 })
  const [chart] = equalRateCharts(toCells(trials), manifestOf(trials))
  expect(chart?.svg).toContain('is not to be compared</text>')
})
