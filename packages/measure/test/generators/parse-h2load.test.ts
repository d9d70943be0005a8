import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { parseH2load } from '../../src'

/*
 * The fixtures are what h2load of nghttp2 1.52.0 (Debian 12) printed against servers of
 * node:http2 and node:https on Node 20, in timed runs with 5 or 1 clients and 10 streams.
 */

function fixture(name: string): Promise<string> {
  return readFile(new URL(`../fixtures/${name}.txt`, import.meta.url), 'utf8')
}

test('the text of h2load 1.52 tells duration, requests, latency, cipher and octets', async () => {
  expect(parseH2load(await fixture('h2load-1.52-tls'))).toEqual({
    duration: 0.7017,
    requests: { total: 10_650, succeeded: 10_650, failed: 0, errored: 0, timedOut: 0 },
    latency: { mean: 3190, p50: null, p90: null, p99: null, p999: null, max: 21_680 },
    tlsCipher: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
    traffic: { total: 341_120, body: 127_800 },
  })
})

test('the text of h2load 1.52 tells the same of HTTP/1.1', async () => {
  expect(parseH2load(await fixture('h2load-1.52-http1-tls'))).toEqual({
    duration: 0.900_69,
    requests: { total: 10_246, succeeded: 10_246, failed: 0, errored: 0, timedOut: 0 },
    latency: { mean: 3420, p50: null, p90: null, p99: null, p999: null, max: 20_480 },
    tlsCipher: 'TLSv1.3 TLS_AES_256_GCM_SHA384',
    traffic: { total: 1_649_606, body: 136_692 },
  })
})

test('requests in flight at the end of a timed run are not failed', async () => {
  const output = await fixture('h2load-1.52-tls')
  expect(output).toContain('10650 total, 10700 started, 10650 done')
  expect(parseH2load(output).requests).toMatchObject({ total: 10_650, failed: 0 })
})

test('answers with another status than 2xx or 3xx are failed', async () => {
  const { requests } = parseH2load(await fixture('h2load-1.52-status-404'))
  expect(requests).toEqual({
    total: 7610,
    succeeded: 0,
    failed: 7610,
    errored: 0,
    timedOut: 0,
  })
})

test('streams that the server resets are failed and errored', async () => {
  const { requests } = parseH2load(await fixture('h2load-1.52-resets'))
  expect(requests).toEqual({
    total: 15_120,
    succeeded: 15_105,
    failed: 15,
    errored: 15,
    timedOut: 0,
  })
})

test('a run without a server has no request', async () => {
  const { requests } = parseH2load(await fixture('h2load-1.52-no-server'))
  expect(requests.total).toBe(0)
})

test('a row with more columns is read by their names', async () => {
  const output = (await fixture('h2load-1.52-tls'))
    .replace(
      '                     min         max         mean         sd        +/- sd',
      '                     min         max       median        p99         mean         sd',
    )
    .replace(
      /^time for request:.*$/m,
      'request         :      461us     21.68ms      3.01ms     12.50ms      3.19ms      2.60ms',
    )
  expect(parseH2load(output).latency).toEqual({
    mean: 3190,
    p50: 3010,
    p90: null,
    p99: 12_500,
    p999: null,
    max: 21_680,
  })
})

/*
 * No release of h2load up to 1.70 is known to print JSON; these have the numbers of the text
 * under the names that the text and the manual give them.
 */
test.each([
  [
    'with times as numbers of seconds',
    {
      duration: 0.7017,
      requests: { total: 10_700, done: 10_650, succeeded: 10_640, failed: 10, errored: 4 },
      request: { min: 0.000461, max: 0.02168, mean: 0.00319, median: 0.003, p99: 0.0125 },
    },
  ],
  [
    'with times as text, one level deeper',
    {
      result: {
        finished_in: '701.70ms',
        requests: { total: 10_700, done: 10_650, succeeded: 10_640, failed: 10, errored: 4 },
        time_for_request: {
          min: '461us',
          max: '21.68ms',
          mean: '3.19ms',
          median: '3.00ms',
          p99: '12.50ms',
        },
      },
    },
  ],
])('JSON is understood %s', (_, json) => {
  const report = parseH2load(`progress: 100%\n${JSON.stringify(json)}\n`)
  expect(report.duration).toBeCloseTo(0.7017)
  expect(report.requests).toEqual({
    total: 10_650,
    succeeded: 10_640,
    failed: 10,
    errored: 4,
    timedOut: 0,
  })
  expect(report.latency.mean).toBeCloseTo(3190)
  expect(report.latency.p50).toBeCloseTo(3000)
  expect(report.latency.p99).toBeCloseTo(12_500)
  expect(report.latency.max).toBeCloseTo(21_680)
})

test.each(['', 'h2load: command not found', '{"requests":', '{"requests":{"total":1}}'])(
  'output that is neither is refused with its end: %j',
  (output) => {
    expect(() => parseH2load(output)).toThrow(
      expect.objectContaining({
        code: 'GENERATOR_FAILED',
        message: expect.stringContaining(output === '' ? '(nothing)' : output),
      }),
    )
  },
)

describe('what is no number is no result:', () => {
  const requests = { done: 9, succeeded: 9 }
  test.each([
    JSON.stringify({ duration: '1.2.3s', requests }),
    JSON.stringify({ duration: '..s', requests }),
    `{"duration":1e999,"requests":${JSON.stringify(requests)}}`,
    JSON.stringify({ duration: -1, requests }),
    JSON.stringify({ duration: 1, requests: { done: -9, succeeded: 9 } }),
    'finished in ..s\nrequests: 9 total, 9 started, 9 done, 9 succeeded, 0 failed, 0 errored, 0 timeout',
    `finished in 1s\nrequests: 9 total, 9 started, ${'9'.repeat(400)} done, 9 succeeded, 0 failed, 0 errored, 0 timeout`,
  ])('%s', (output) => {
    expect(() => parseH2load(output)).toThrow(expect.objectContaining({ code: 'GENERATOR_FAILED' }))
  })

  test('a time that is none counts as unknown', () => {
    const request = { mean: '1.2.3ms', p99: -1, max: '3ms' }
    const { latency } = parseH2load(JSON.stringify({ duration: 1, requests, request }))
    expect(latency).toMatchObject({ mean: null, p99: null, max: 3000 })
  })
})
