import { describe, expect, test } from 'vitest'
import { remoteTarget, TARGETS, toCells } from '../../src'
import { lineStyle } from '../../src/charts/line-style'
import { sweepCharts } from '../../src/charts/sweep-charts'
import { completedTrial, failedTrial, manifestOf, roundsOf } from '../support/trials'

const TRIALS = [1, 2, 5].flatMap((streams) => [
  completedTrial({ streams, requestsPerSecond: streams * 1000 }),
  completedTrial({ streams, requestsPerSecond: streams * 100, implementation: 'node-http2' }),
  completedTrial({ streams, clients: 5 }),
  completedTrial({ streams, tls: false }),
])

function chartsOf(trials: Parameters<typeof toCells>[0]) {
  return sweepCharts(toCells(trials), manifestOf(trials))
}

function chartOf(measure: string, trials: Parameters<typeof toCells>[0]): string {
  return chartsOf(trials).find(({ file }) => file.startsWith(measure))!.svg
}

/** The bars of intervals: a stroke and the two that end it, each. */
function barsOf(svg: string): number {
  return (svg.match(/stroke-width="1.5"/g)?.length ?? 0) / 3
}

test('there is a chart of each measure for each scenario', () => {
  const measures = ['cpu-per-request', 'requests-per-second', 'request-time']
  const scenarios = ['1-client-tls', '5-clients-tls', '1-client-plain']
  expect(chartsOf(TRIALS).map(({ file }) => file)).toEqual(
    measures.flatMap((measure) => scenarios.map((scenario) => `${measure}-${scenario}.svg`)),
  )
})

test('a chart is an SVG with title, axis names and a line for each implementation', () => {
  const svg = chartOf('requests-per-second', TRIALS)
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
  const perSecond = chartOf('requests-per-second', trials)
  expect(hollow(perSecond)).toBe(1)
  expect(perSecond).toContain('hollow: the generator was the limit')
  expect(hollow(chartOf('cpu-per-request', trials))).toBe(0)
})

describe('intervals', () => {
  const repeated = [1, 2].flatMap((streams) =>
    ['async/mini', 'node-http2'].flatMap((name) => roundsOf(name, [2, 2.2, 2.1], { streams })),
  )

  test('are bars of what was repeated', () => {
    const svg = chartOf('cpu-per-request', repeated)
    expect(barsOf(svg)).toBe(4)
    expect(svg).toContain('3 repetitions of 2 s, bars: 95% intervals')
  })

  test('are not there after a single repetition, and the chart says so', () => {
    const svg = chartOf('cpu-per-request', TRIALS)
    expect(barsOf(svg)).toBe(0)
    expect(svg).toContain('one repetition of 2 s, so no spread')
  })

  test('do not press the lines together, however wide they are', () => {
    const wild = roundsOf('async/http2', [0.01, 30], { streams: 1 })
    const svg = chartOf('cpu-per-request', [...repeated, ...wild])
    expect(svg).not.toMatch(/>\d+k<\/text>/)
  })
})

describe('with one number of streams', () => {
  const trials = ['node-http2', 'async/mini', 'uws'].flatMap((name, index) =>
    roundsOf(name, [20 / (index + 1), 21 / (index + 1)], {
      httpVersion: name === 'uws' ? 'http/1.1' : 'h2',
    }),
  )

  test('there is a row for each implementation, the best first, with its figure and its interval', () => {
    const svg = chartOf('cpu-per-request', trials)
    const texts = [...svg.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text!)
    expect(texts).toContain('Server CPU time per request: 1 client, TLS, 10 streams')
    const rows = texts.filter((text) => /^(uws|async|node)/.test(text))
    expect(rows).toEqual(['uws (HTTP/1.1)', 'async/mini', 'node-http2'])
    expect(texts.filter((text) => text.includes('µs ±'))).toEqual([
      expect.stringMatching(/^6\.8 µs ±\d\d%$/),
      expect.stringMatching(/^10 µs ±\d\d%$/),
      expect.stringMatching(/^20 µs ±\d\d%$/),
    ])
    expect(barsOf(svg)).toBe(3)
  })

  test('most requests per second come first', () => {
    const fast = completedTrial({ requestsPerSecond: 900 })
    const faster = completedTrial({ requestsPerSecond: 1000, implementation: 'none/mini' })
    const svg = chartOf('requests-per-second', [fast, faster])
    expect(svg.indexOf('>none/mini<')).toBeLessThan(svg.indexOf('>async/mini<'))
  })

  test('the axis is logarithmic where the values ask for it', () => {
    const far = [...trials, ...roundsOf('async/http2', [0.2, 0.2])]
    expect(chartOf('cpu-per-request', trials)).toContain('>0</text>')
    expect(chartOf('cpu-per-request', far)).not.toContain('>0</text>')
  })
})

test('what was measured at an offered rate is not drawn over the streams', () => {
  expect(chartsOf([completedTrial({ offeredRate: 5000 })])).toEqual([])
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
