import { writeFile } from 'node:fs/promises'
import http2 from 'node:http2'
import { join } from 'node:path'
import { devTls } from '@h2lab/tls-context'
import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { h2lab } from '../support/h2lab'
import { listening } from '../support/listening'
import { loadReportOf, parseLoadReport } from '../support/load-report'
import { recordingServer } from '../support/recording-server'
import { h2labInTerminal } from '../support/terminal'

const tls = await devTls()
const credentials = { cert: tls.cert, key: tls.key }

describe.each([
  { title: 'HTTP/2 over TLS', httpVersion: 'h2', tls: credentials, asked: [] },
  { title: 'HTTP/2 by prior knowledge', httpVersion: 'h2', tls: undefined, asked: [] },
  { title: 'HTTP/1.1 over TLS', httpVersion: 'http/1.1', tls: credentials, asked: [] },
  { title: 'HTTP/1.1', httpVersion: 'http/1.1', tls: undefined, asked: ['--http', 'http/1.1'] },
] as const)('$title', ({ httpVersion, tls, asked }) => {
  test('exactly as many requests are made as asked for', async () => {
    const { origin, requests } = await recordingServer({ httpVersion, tls })
    const report = await loadReportOf(0, `${origin}/`, '-n', '103', '-c', '3', '-m', '4', ...asked)
    expect(requests).toHaveLength(103)
    expect(report).toMatchObject({
      outcome: 'completed',
      asked: { httpVersion, connections: 3, streams: 4, loop: { kind: 'closed' } },
      connections: 3,
      reconnections: 0,
      requests: { started: 103, succeeded: 103, failed: 0, errored: 0, unanswered: 0, unsent: 0 },
      statuses: { 200: 103 },
      faults: {},
      offeredPerSecond: null,
      latency: { from: 'sending' },
      workers: [{ state: 'completed', started: 103 }],
    })
    expect(report.mostInFlight).toBeGreaterThan(0)
    expect(report.mostInFlight).toBeLessThanOrEqual(4)
    expect(report.tlsCipher === null).toBe(tls === undefined)
  })

  test('the server gets method, path, header fields and body', async () => {
    const { origin, requests } = await recordingServer({ httpVersion, tls })
    const file = join(await temporaryFolder(), 'body')
    await writeFile(file, Buffer.from([0, 10, 13, 255]))
    const fields = ['-H', 'X-One: 1', '--header', 'x-two: b: c']
    const args = [`${origin}/a?b=c`, '-n', '2', '--method', 'PUT', '--body', file, ...fields]
    const report = await loadReportOf(0, ...args, ...asked)
    expect(report.asked).toMatchObject({ method: 'PUT', bodyOctets: 4 })
    expect(requests).toHaveLength(2)
    for (const request of requests) {
      expect(request).toMatchObject({
        method: 'PUT',
        path: '/a?b=c',
        headers: { 'x-one': '1', 'x-two': 'b: c' },
        body: '\0\n\r\u00ff',
      })
    }
  })

  test('an answer to HEAD has no body, though its fields tell of one', async () => {
    const { origin, requests } = await recordingServer({ httpVersion, tls })
    await loadReportOf(0, `${origin}/`, '-n', '3', '--method', 'HEAD', ...asked)
    expect(requests.map(({ method }) => method)).toEqual(['HEAD', 'HEAD', 'HEAD'])
  })

  test('a body larger than the windows of HTTP/2 arrives whole', async () => {
    const { origin, requests } = await recordingServer({ httpVersion, tls })
    const file = join(await temporaryFolder(), 'body')
    await writeFile(file, 'x'.repeat(300_000))
    await loadReportOf(0, `${origin}/`, '-n', '4', '-m', '2', '--body', file, ...asked)
    expect(requests.map(({ method, body }) => [method, body.length])).toEqual(
      Array(4).fill(['POST', 300_000]),
    )
  })

  test('several URLs are asked for as often as their weights say', async () => {
    const { origin, requests } = await recordingServer({ httpVersion, tls })
    const urls = [`${origin}/often`, `${origin}/seldom`]
    await loadReportOf(0, ...urls, '--weights', '9,1', '-n', '400', '-m', '10', ...asked)
    const seldom = requests.filter(({ path }) => path === '/seldom').length
    const often = requests.filter(({ path }) => path === '/often').length
    expect(often + seldom).toBe(400)
    // The seed is always the same: this holds always or never.
    expect(seldom).toBeGreaterThan(20)
    expect(seldom).toBeLessThan(60)
  })

  test('in an open loop as many are due as the rate says', async () => {
    const { origin } = await recordingServer({ httpVersion, tls })
    const args = ['-c', '2', '-m', '50', '--rate', '200', '-d', '0.5', '--warmup', '0.2']
    const { requests, offeredPerSecond, latency } = await loadReportOf(
      0,
      `${origin}/`,
      ...args,
      ...asked,
    )
    expect(Math.abs(requests.started - 100)).toBeLessThanOrEqual(1)
    expect(offeredPerSecond).toBe(200)
    expect(latency.from).toBe('intended-start')
  })
})

test('what was told as progress is part of the result', async () => {
  const { origin } = await recordingServer()
  const args = ['-m', '50', '--rate', '100', '-d', '2.4']
  const { requests, seconds } = await loadReportOf(0, `${origin}/`, ...args)
  expect(Math.abs(requests.started - 240)).toBeLessThanOrEqual(1)
  expect(seconds).toBeGreaterThan(2.3)
})

test('a ramp has as many requests as its mean rate says', async () => {
  const { origin } = await recordingServer()
  const args = ['-m', '100', '--rate', '50..350', '-d', '1']
  const { requests, offeredPerSecond } = await loadReportOf(0, `${origin}/`, ...args)
  expect(Math.abs(requests.started - 200)).toBeLessThanOrEqual(2)
  expect(offeredPerSecond).toBe(200)
})

test('the histogram has every latency, in the encoding that other tools read', async () => {
  const { origin } = await recordingServer()
  const { latency } = await loadReportOf(0, `${origin}/`, '-n', '50')
  expect(latency.histogram).toMatch(/^HISTF/)
  const histogram = decodeFromCompressedBase64(latency.histogram)
  expect(histogram.totalCount).toBe(50)
  expect(histogram.maxValue).toBe(latency.max)
  expect(histogram.getValueAtPercentile(50)).toBe(latency.p50)
})

test('several processes share connections, requests and histogram', async () => {
  const server = await recordingServer()
  const args = ['--threads', '3', '-c', '5', '-m', '2', '-n', '101']
  const report = await loadReportOf(0, `${server.origin}/`, ...args)
  expect(server.requests).toHaveLength(101)
  expect(server.connections).toBe(5)
  expect(report.workers.map(({ name, connections }) => [name, connections])).toEqual([
    ['process 1', 2],
    ['process 2', 2],
    ['process 3', 1],
  ])
  expect(report).toMatchObject({ connections: 5, requests: { started: 101, succeeded: 101 } })
  expect(decodeFromCompressedBase64(report.latency.histogram).totalCount).toBe(101)
})

describe('a stall of the server', () => {
  /** Nothing is answered in the first 200 ms of each second. */
  const stalling = () =>
    recordingServer({
      answer(end) {
        const phase = Date.now() % 1000
        if (phase < 200) setTimeout(end, 200 - phase)
        else end()
      },
    })

  test('is in the p99 of an open loop', async () => {
    const { origin } = await stalling()
    const { latency } = await loadReportOf(
      0,
      `${origin}/`,
      '-c',
      '2',
      '-m',
      '100',
      '--rate',
      '400',
      '-d',
      '3',
    )
    expect(latency.p99).toBeGreaterThanOrEqual(100_000)
  })

  test('is in it too if the requests have to wait for the only connection', async () => {
    const { origin } = await stalling()
    const args = ['load', `${origin}/`, '--json', '--rate', '100', '-d', '3']
    // If its end is in a stall, some are unsent, and that is told by the exit code.
    const { latency, mostInFlight } = parseLoadReport((await h2lab(args)).stdout)
    expect(mostInFlight).toBe(1)
    expect(latency.p99).toBeGreaterThanOrEqual(100_000)
  })

  test('is not in that of a closed loop: one request of many notices', async () => {
    const { origin } = await stalling()
    const { latency, requests } = await loadReportOf(0, `${origin}/`, '-d', '3')
    // One in each of four stalls at most: of so many that is less than one of a hundred.
    expect(requests.succeeded).toBeGreaterThan(400)
    expect(latency.p99).toBeLessThan(100_000)
    expect(latency.max).toBeGreaterThanOrEqual(100_000)
  })
})

test('the summary says what was asked, what was done and how latency is counted', async () => {
  const { origin } = await recordingServer()
  const args = ['-n', '20', '--rate', '100', '-m', '10', '--warmup', '0.1']
  const { stdout, stderr, code } = await h2lab(['load', `${origin}/a`, ...args])
  expect(stdout).toContain(`GET ${origin}/a by HTTP/2`)
  expect(stdout).toContain('open loop at 100 req/s (constant) for 20 requests after 0.1 s of')
  expect(stdout).toContain('20 sent, 20 succeeded')
  expect(stdout).toMatch(/status +200: 20\n/)
  expect(stdout).toMatch(/p50 .* p90 .* p99 .* p99\.9 .* max /)
  expect(stdout).toContain('from when a request was due')
  expect(stderr).toBe('')
  expect(code).toBe(0)
})

testWithProgram(
  'script',
  'a terminal has a line of progress, which is gone at the end',
  async () => {
    const { origin } = await recordingServer()
    const shown = await h2labInTerminal(100, ['load', `${origin}/`, '-d', '2.5'])
    const [first, ...others] = shown.split('\u001b[2K\r')
    expect(first).toContain('connecting')
    expect(others.join('\n')).toMatch(/loading: 1 s, [\d,.]+ req\/s, p50 .*, p99 .*, 0 errors\n/)
    expect(others.at(-1)).toContain('succeeded')
    expect(others.at(-1)).not.toContain('loading')
  },
)

test('the rate is that of the whole time if the server takes no connections any more', async () => {
  const sessions: http2.ServerHttp2Session[] = []
  let requests = 0
  const server = http2.createServer((_, response) => {
    response.end('Hello World\n')
    if (++requests !== 200) return
    server.close()
    for (const session of sessions) session.close()
  })
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => {})
  })
  const { port } = await listening(server)
  const url = `http://127.0.0.1:${port}/`
  // All that was sent was answered, but not for as long as was asked.
  const report = await loadReportOf(1, url, ...['-c', '2', '-m', '5', '-d', '1'])
  expect(report.requests.succeeded).toBe(200)
  expect(report.seconds).toBeGreaterThanOrEqual(1)
  expect(report.answersPerSecond).toBeLessThanOrEqual(200)
  expect(Object.keys(report.faults).join()).toContain('no connection')
})
