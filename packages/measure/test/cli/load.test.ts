import { writeFile } from 'node:fs/promises'
import http2 from 'node:http2'
import { join } from 'node:path'
import { devTls } from '@h2lab/tls-context'
import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { type LoadReport, loadReportSchema } from '../../src/load/load-report'
import { h2lab, startH2lab } from '../support/h2lab'
import { listening } from '../support/listening'
import { recordingServer } from '../support/recording-server'
import { h2labInTerminal } from '../support/terminal'

const tls = await devTls()
const credentials = { cert: tls.cert, key: tls.key }

/** Runs h2lab load, which is to end with a code, and reads its JSON. */
async function reportOf(code: number, ...args: string[]): Promise<LoadReport> {
  const ended = await h2lab(['load', '--json', ...args])
  expect(ended).toMatchObject({ stderr: '', code })
  return v.parse(loadReportSchema, JSON.parse(ended.stdout))
}

describe.each([
  { title: 'HTTP/2 over TLS', httpVersion: 'h2', tls: credentials, asked: [] },
  { title: 'HTTP/2 by prior knowledge', httpVersion: 'h2', tls: undefined, asked: [] },
  { title: 'HTTP/1.1 over TLS', httpVersion: 'http/1.1', tls: credentials, asked: [] },
  { title: 'HTTP/1.1', httpVersion: 'http/1.1', tls: undefined, asked: ['--http', 'http/1.1'] },
] as const)('$title', ({ httpVersion, tls, asked }) => {
  test('exactly as many requests are made as asked for', async () => {
    const { origin, requests } = await recordingServer({ httpVersion, tls })
    const report = await reportOf(0, `${origin}/`, '-n', '103', '-c', '3', '-m', '4', ...asked)
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
    const report = await reportOf(0, ...args, ...asked)
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
    await reportOf(0, `${origin}/`, '-n', '3', '--method', 'HEAD', ...asked)
    expect(requests.map(({ method }) => method)).toEqual(['HEAD', 'HEAD', 'HEAD'])
  })

  test('a body larger than the windows of HTTP/2 arrives whole', async () => {
    const { origin, requests } = await recordingServer({ httpVersion, tls })
    const file = join(await temporaryFolder(), 'body')
    await writeFile(file, 'x'.repeat(300_000))
    await reportOf(0, `${origin}/`, '-n', '4', '-m', '2', '--body', file, ...asked)
    expect(requests.map(({ method, body }) => [method, body.length])).toEqual(
      Array(4).fill(['POST', 300_000]),
    )
  })

  test('several URLs are asked for as often as their weights say', async () => {
    const { origin, requests } = await recordingServer({ httpVersion, tls })
    const urls = [`${origin}/often`, `${origin}/seldom`]
    await reportOf(0, ...urls, '--weights', '9,1', '-n', '400', '-m', '10', ...asked)
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
    const { requests, offeredPerSecond, latency } = await reportOf(
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
  const { requests, seconds } = await reportOf(0, `${origin}/`, ...args)
  expect(Math.abs(requests.started - 240)).toBeLessThanOrEqual(1)
  expect(seconds).toBeGreaterThan(2.3)
})

test('a ramp has as many requests as its mean rate says', async () => {
  const { origin } = await recordingServer()
  const args = ['-m', '100', '--rate', '50..350', '-d', '1']
  const { requests, offeredPerSecond } = await reportOf(0, `${origin}/`, ...args)
  expect(Math.abs(requests.started - 200)).toBeLessThanOrEqual(2)
  expect(offeredPerSecond).toBe(200)
})

test('the histogram has every latency, in the encoding that other tools read', async () => {
  const { origin } = await recordingServer()
  const { latency } = await reportOf(0, `${origin}/`, '-n', '50')
  expect(latency.histogram).toMatch(/^HISTF/)
  const histogram = decodeFromCompressedBase64(latency.histogram)
  expect(histogram.totalCount).toBe(50)
  expect(histogram.maxValue).toBe(latency.max)
  expect(histogram.getValueAtPercentile(50)).toBe(latency.p50)
})

test('several processes share connections, requests and histogram', async () => {
  const server = await recordingServer()
  const args = ['--threads', '3', '-c', '5', '-m', '2', '-n', '101']
  const report = await reportOf(0, `${server.origin}/`, ...args)
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
    const { latency } = await reportOf(
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
    const { latency, mostInFlight } = await reportOf(0, `${origin}/`, '--rate', '100', '-d', '3')
    expect(mostInFlight).toBe(1)
    expect(latency.p99).toBeGreaterThanOrEqual(100_000)
  })

  test('is not in that of a closed loop: one request of many notices', async () => {
    const { origin } = await stalling()
    const { latency, requests } = await reportOf(0, `${origin}/`, '-d', '3')
    // One in each of four stalls at most: of so many that is less than one of a hundred.
    expect(requests.succeeded).toBeGreaterThan(400)
    expect(latency.p99).toBeLessThan(100_000)
    expect(latency.max).toBeGreaterThanOrEqual(100_000)
  })
})

describe('what the server does differently is told:', () => {
  async function serverWith(settings: http2.Settings, mostRequests = Number.POSITIVE_INFINITY) {
    const server = http2.createServer({ settings })
    server.on('session', (session) => {
      let requests = 0
      session.on('error', () => {})
      session.on('stream', (stream) => {
        stream.respond({ ':status': 200 })
        stream.end('Hello World\n')
        if (++requests === mostRequests) session.close()
      })
    })
    return `http://127.0.0.1:${(await listening(server)).port}/`
  }

  test('it ends connections, which are opened again', async () => {
    const url = await serverWith({}, 10)
    const report = await reportOf(0, url, '-n', '100', '-c', '2')
    expect(report.requests).toMatchObject({ started: 100, succeeded: 100 })
    expect(report.reconnections).toBeGreaterThan(5)
    const { stdout } = await h2lab(['load', url, '-n', '100', '-c', '2'])
    expect(stdout).toMatch(/The server ended connections, which were opened again \d+ times\./)
  })

  test('it takes fewer requests at once', async () => {
    const url = await serverWith({ maxConcurrentStreams: 3 })
    const report = await reportOf(0, url, '-n', '50', '-m', '20')
    expect(report).toMatchObject({ mostStreams: 3, mostInFlight: 3 })
    const { stdout } = await h2lab(['load', url, '-n', '50', '-m', '20'])
    expect(stdout).toContain(
      'The server takes 3 requests at once on a connection, not 20: at most 3 were in flight on one.',
    )
  })
})

describe('what went wrong is told, and ends with exit code 1:', () => {
  test('another status than 2xx', async () => {
    const { origin } = await recordingServer({ status: 503 })
    const report = await reportOf(1, `${origin}/`, '-n', '5')
    expect(report).toMatchObject({ requests: { succeeded: 0, failed: 5 }, statuses: { 503: 5 } })
    const { stdout, code } = await h2lab(['load', `${origin}/`, '-n', '5'])
    expect(stdout).toContain('5 of 5 requests did not succeed.')
    expect(stdout).toMatch(/status +503: 5\n/)
    expect(code).toBe(1)
  })

  test('no answer', async () => {
    const { origin } = await recordingServer({ answer() {} })
    const args = ['-n', '3', '-m', '3', '--timeout', '0.3']
    const report = await reportOf(1, `${origin}/`, ...args)
    expect(report.requests).toMatchObject({ started: 3, succeeded: 0, unanswered: 3 })
    expect(report.latency.p50).toBeNull()
  })

  test.each([
    ['closed loop', []],
    ['open loop', ['--rate', '1000']],
  ])('a server that falls silent, of a number of requests: %s', async (_, loop) => {
    let answers = 0
    const { origin } = await recordingServer({ answer: (end) => (++answers > 10 ? {} : end()) })
    const args = ['-n', '50', '-m', '5', '--timeout', '0.3']
    const { requests, statuses } = await reportOf(1, `${origin}/`, ...args, ...loop)
    expect(statuses).toEqual({ 200: 10 })
    expect(requests).toMatchObject({ started: 15, succeeded: 10, unanswered: 5, unsent: 35 })
  })

  test('no room to send what is due', async () => {
    const { origin } = await recordingServer({ answer: (end) => setTimeout(end, 300) })
    const { requests } = await reportOf(1, `${origin}/`, '--rate', '100', '-d', '0.5')
    expect(requests.unsent).toBeGreaterThan(40)
    expect(requests.succeeded).toBe(requests.started)
  })

  test('an interruption, which keeps what there is', async () => {
    const { origin, requests } = await recordingServer()
    const run = startH2lab(['load', `${origin}/`, '--json', '-d', '60'])
    await eventually(() => expect(requests.length).toBeGreaterThan(10))
    run.process.kill('SIGINT')
    const { code, stdout, stderr } = await run.ended
    expect(stderr).toBe('interrupted: waiting for the last answers\n')
    const report = v.parse(loadReportSchema, JSON.parse(stdout))
    expect(report.outcome).toBe('interrupted')
    expect(report.requests.succeeded).toBeGreaterThan(10)
    expect(report.requests.succeeded).toBe(report.requests.started)
    expect(code).toBe(1)
  })

  test('a server that is not there', async () => {
    const { code, stderr } = await h2lab(['load', 'http://127.0.0.1:1/', '-n', '1'])
    expect(stderr).toContain('ECONNREFUSED')
    expect(code).toBe(1)
  })
})

describe('refused with exit code 2:', () => {
  test.each([
    [['http://192.0.2.7/'], '192.0.2.7 is not a loopback address'],
    [[], 'h2lab load needs its argument <url>.'],
    [['http://[::1]/', '-d', '1', '-n', '1'], '--duration and --requests both say'],
    [['http://[::1]/', '-c', '1', '--connections', '2'], '--connections must be given once.'],
    [['http://[::1]/', '-x'], 'h2lab load has no option -x: it takes -c, --connections, -m,'],
    [['http://[::1]/', '--body', '/nowhere'], "--body /nowhere can't be read: ENOENT."],
    [['http://[::1]/', '--header'], '--header <field>` value is missing'],
    [['http://[::1]/', '-H', 'a: b', '-H'], "--header needs a value, as 'name: value'."],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await h2lab(['load', ...args])
    expect(stderr).toContain(message)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('a field of HTTP/1.1, once ALPN has said that it is HTTP/2', async () => {
    const { origin } = await recordingServer({ tls: credentials })
    const { code, stderr } = await h2lab(['load', origin, '-H', 'connection: close', '-n', '1'])
    expect(stderr).toContain('HTTP/2 has no field connection')
    expect(code).toBe(2)
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
  const { stdout } = await h2lab([
    'load',
    '--json',
    `http://127.0.0.1:${port}/`,
    ...['-c', '2', '-m', '5', '-d', '1', '--warmup', '0'],
  ])
  const report = v.parse(loadReportSchema, JSON.parse(stdout))
  expect(report.requests.succeeded).toBe(200)
  expect(report.seconds).toBeGreaterThanOrEqual(1)
  expect(report.answersPerSecond).toBeLessThanOrEqual(200)
  expect(Object.keys(report.faults).join()).toContain('no connection')
})
