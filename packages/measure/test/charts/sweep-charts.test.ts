import { expect, test } from 'vitest'
import { remoteTarget, TARGETS, toCells } from '../../src'
import { lineStyle } from '../../src/charts/line-style'
import { sweepCharts } from '../../src/charts/sweep-charts'
import { completedTrial, failedTrial, manifestOf } from '../support/trials'

const TRIALS = [1, 2, 5].flatMap((streams) => [
  completedTrial({ streams, requestsPerSecond: streams * 1000 }),
  completedTrial({ streams, requestsPerSecond: streams * 100, implementation: 'node-http2' }),
  completedTrial({ streams, clients: 5 }),
  completedTrial({ streams, tls: false }),
])

function chartsOf(trials: Parameters<typeof toCells>[0]) {
  return sweepCharts(toCells(trials), manifestOf(trials))
}

test('there is a chart of each measure for each scenario', () => {
  const measures = ['requests-per-second', 'request-time', 'cpu-per-request']
  const scenarios = ['1-client-tls', '5-clients-tls', '1-client-plain']
  expect(chartsOf(TRIALS).map(({ file }) => file)).toEqual(
    measures.flatMap((measure) => scenarios.map((scenario) => `${measure}-${scenario}.svg`)),
  )
})

test('a chart is an SVG with title, axis names and a line for each implementation', () => {
  const { svg } = chartsOf(TRIALS)[0]!
  expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 860 440"/)
  for (const text of [
    'Requests per second: 1 client, TLS',
    'streams per client',
    'requests per second',
    'async/mini',
    'node-http2',
  ]) {
    expect(svg).toContain(`>${text}</text>`)
  }
  for (const { color } of [lineStyle('async/mini'), lineStyle('node-http2')]) {
    expect(svg).toMatch(new RegExp(`<path d="M[^"]*L[^"]*" fill="none"[^>]*stroke="${color}"`, 'i'))
  }
})

test('each value has its symbol, hollow where the generator was the limit', () => {
  const hollow = (svg: string) => svg.match(/fill="(#ffffff|#fff)" stroke="#0072b2"/gi)?.length ?? 0
  const trials = [1, 2, 5].map((streams) =>
    completedTrial({ streams, limit: streams === 5 ? 'generator' : 'server' }),
  )
  const [perSecond, , cpu] = chartsOf(trials)
  expect(hollow(perSecond!.svg)).toBe(1)
  expect(perSecond!.svg).toContain('hollow: the generator was the limit')
  expect(hollow(cpu!.svg)).toBe(0)
})

test('a cell without a value has no point, and a measure without any no chart', () => {
  const trials = [
    completedTrial({ streams: 1, serverCpuPerRequest: null }),
    failedTrial({ streams: 2 }),
  ]
  expect(chartsOf(trials).map(({ file }) => file)).toEqual([
    'requests-per-second-1-client-tls.svg',
    'request-time-1-client-tls.svg',
  ])
})

test('whatever is measured looks the same in every chart, and no two alike', () => {
  const all = [...TARGETS, remoteTarget('https://127.0.0.1:8443/', 'h2')]
  const styles = all.map(({ name }) => JSON.stringify(lineStyle(name)))
  expect(new Set(styles).size).toBe(styles.length)
})

test('names from a file of results can not break out of the SVG', () => {
  const trials = [completedTrial({ implementation: '<script>alert(1)</script>' })]
  expect(chartsOf(trials)[0]!.svg).not.toContain('<script>')
})

test('a line of HTTP/1.1 is marked as such, and looks as it always does', () => {
  const trials = [1, 2].map((streams) =>
    completedTrial({ streams, implementation: 'uws', httpVersion: 'http/1.1' }),
  )
  const { svg } = chartsOf(trials)[0]!
  expect(svg).toContain('>uws (HTTP/1.1)</text>')
  expect(svg).toContain(`stroke="${lineStyle('uws').color}"`)
})

test('a chart is high enough for the names of all its lines', () => {
  const trials = TARGETS.map(({ name }) => completedTrial({ implementation: name }))
  const { svg } = chartsOf([...trials, ...trials.map((one) => ({ ...one, streams: 2 }))])[0]!
  const height = Number(/viewBox="0 0 860 (\d+)"/.exec(svg)![1])
  expect(height).toBeGreaterThanOrEqual(TARGETS.length * 26)
})
