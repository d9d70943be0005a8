import { describe, expect, test } from 'vitest'
import { toCells } from '../../src'
import { equalRateCharts } from '../../src/charts/equal-rate-charts'
import { latencyCharts } from '../../src/charts/latency-charts'
import type { CompletedTrial, Trial } from '../../src/trial/trial'
import { manifestOf, roundsOf } from '../support/trials'

const UNSENT = { requestsUnsent: 10_000 }

/** Two servers at two rates, of which the second is too much for node-http2. */
function trialsOf(cpu: readonly number[], about: Partial<CompletedTrial> = {}): Trial[] {
  return [1000, 20_000].flatMap((offeredRate) => [
    ...roundsOf('async/http2', cpu, { offeredRate, ...about }),
    ...roundsOf('node-http2', cpu, {
      ...{ offeredRate, ...about },
      ...(offeredRate === 1000 ? {} : { ...UNSENT, latencyP99: 500_000 }),
    }),
  ])
}

function textOf(svg: string): string {
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text)
  return texts.join(' ')
}

/** The upright strokes of intervals: where each is, and how strong. */
function barsOf(svg: string): { readonly x: number; readonly opacity: string | undefined }[] {
  const paths = svg.match(/<path [^>]*stroke-width="1.5"[^>]*>/g) ?? []
  return paths.flatMap((path) => {
    const [, x, otherX] = /d="M([\d.]+) [\d.]+L([\d.]+) /.exec(path) ?? []
    if (x === undefined || x !== otherX) return []
    return [{ x: Number(x), opacity: /stroke-opacity="([\d.]+)"/.exec(path)?.[1] }]
  })
}

const LATENCY = (trials: Trial[]) => latencyCharts(toCells(trials), manifestOf(trials))[0]!.svg
const EQUAL_RATE = (trials: Trial[]) => equalRateCharts(toCells(trials), manifestOf(trials))[0]!.svg

describe.each([
  ['latency', LATENCY],
  ['equal-rate', EQUAL_RATE],
])('the chart of %s', (_, chartOf) => {
  test('says how often points were measured, and what bars are', () => {
    expect(textOf(chartOf(trialsOf([1])))).toContain('one repetition of 2 s, so no spread')
    expect(textOf(chartOf(trialsOf([1, 2, 3])))).toContain(
      '3 repetitions of 2 s, bars: 95% intervals',
    )
  })
})

test('bars of servers at the same rate stand beside each other, those that are of faint points faint', () => {
  const bars = barsOf(EQUAL_RATE(trialsOf([1, 1.1, 1.2])))
  expect(bars).toHaveLength(4)
  expect(new Set(bars.map(({ x }) => x)).size).toBe(4)
  expect(bars.map(({ opacity }) => opacity).sort()).toEqual(['0.3', '0.75', '0.75', '0.75'])
})

test('the chart of latency says what rings, faint and hollow points are', () => {
  const text = textOf(LATENCY(trialsOf([1, 2])))
  expect(text).toContain('ring: the knee, the highest rate with p99 at most 5 times')
  expect(text).toContain('or 1.0 ms')
  expect(text).toContain('faint: beyond the knee')
  expect(text).toContain('hollow: it did not keep up')
})
