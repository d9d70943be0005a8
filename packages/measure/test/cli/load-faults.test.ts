import http2 from 'node:http2'
import net from 'node:net'
import { devTls } from '@h2lab/tls-context'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { h2lab, startH2lab } from '../support/h2lab'
import { listening } from '../support/listening'
import { loadReportOf, parseLoadReport } from '../support/load-report'
import { recordingServer } from '../support/recording-server'

const tls = await devTls()
const credentials = { cert: tls.cert, key: tls.key }

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
    const report = await loadReportOf(0, url, '-n', '100', '-c', '2')
    expect(report.requests).toMatchObject({ started: 100, succeeded: 100 })
    expect(report.reconnections).toBeGreaterThan(5)
    const { stdout } = await h2lab(['load', url, '-n', '100', '-c', '2'])
    expect(stdout).toMatch(/The server ended connections, which were opened again \d+ times\./)
  })

  test('it refuses requests, which are sent again', async () => {
    const server = http2.createServer()
    let requests = 0
    server.on('stream', (stream) => {
      stream.on('error', () => {})
      if (++requests % 5 === 0) stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
      else stream.respond({}, { endStream: true })
    })
    const url = `http://127.0.0.1:${(await listening(server)).port}/`
    const report = await loadReportOf(0, url, '-n', '100', '-m', '5', '-c', '2', '--threads', '2')
    expect(report.requests).toMatchObject({ started: 100, succeeded: 100, errored: 0 })
    expect(report.refusals).toBe(requests - 100)
    expect(report.refusals).toBeGreaterThan(0)
    const { stdout } = await h2lab(['load', url, '-n', '100', '-m', '5'])
    expect(stdout).toMatch(/^done .*, no reconnection, \d+ refusals/m)
    expect(stdout).toMatch(
      /The server refused requests \d+ times before it processed them \(REFUSED_STREAM\): they were sent again\./,
    )
  })

  test('it takes fewer requests at once after a while', async () => {
    const server = http2.createServer()
    server.on('session', (session) => {
      let requests = 0
      session.on('error', () => {})
      session.on('stream', (stream) => {
        if (++requests === 30) session.settings({ maxConcurrentStreams: 2 })
        stream.respond({ ':status': 200 })
        stream.end()
      })
    })
    const url = `http://127.0.0.1:${(await listening(server)).port}/`
    const report = await loadReportOf(0, url, '-n', '100', '-m', '5', '-c', '2', '--threads', '2')
    expect(report).toMatchObject({ mostStreams: 2, mostInFlight: 5 })
    const { stdout } = await h2lab(['load', url, '-n', '100', '-m', '5'])
    expect(stdout).toContain('The server takes 2 requests at once on a connection, not 5')
  })

  test('it takes fewer requests at once', async () => {
    const url = await serverWith({ maxConcurrentStreams: 3 })
    const report = await loadReportOf(0, url, '-n', '50', '-m', '20')
    expect(report).toMatchObject({ mostStreams: 3, mostInFlight: 3 })
    const { stdout } = await h2lab(['load', url, '-n', '50', '-m', '20'])
    expect(stdout).toContain(
      'The server takes 3 requests at once on a connection, not 20: at most 3 were in flight on one.',
    )
  })
})

test('answers that come long after the time was over are told: the rate counts until then', async () => {
  let requests = 0
  const { origin } = await recordingServer({
    answer(end) {
      if (++requests === 5) setTimeout(end, 1500)
      else end()
    },
  })
  const { stdout, code } = await h2lab(['load', `${origin}/`, '-d', '0.5', '-m', '10'])
  expect(stdout).toMatch(
    /The last answer came [\d.]+ s after the 0\.5 s were over, and the rate counts until then\./,
  )
  expect(code).toBe(0)
})

describe('what went wrong is told, and ends with exit code 1:', () => {
  test('another status than 2xx', async () => {
    const { origin } = await recordingServer({ status: 503 })
    const report = await loadReportOf(1, `${origin}/`, '-n', '5')
    expect(report).toMatchObject({ requests: { succeeded: 0, failed: 5 }, statuses: { 503: 5 } })
    const { stdout, code } = await h2lab(['load', `${origin}/`, '-n', '5'])
    expect(stdout).toContain('5 of 5 requests did not succeed.')
    expect(stdout).toMatch(/status +503: 5\n/)
    expect(code).toBe(1)
  })

  test('all requests refused', async () => {
    const server = http2.createServer()
    server.on('stream', (stream) => {
      stream.on('error', () => {})
      stream.close(http2.constants.NGHTTP2_REFUSED_STREAM)
    })
    const url = `http://127.0.0.1:${(await listening(server)).port}/`
    const { stdout, code } = await h2lab(['load', url, '-n', '5'])
    expect(stdout).toContain('5 of 5 requests did not succeed.')
    expect(stdout).toMatch(/fault +refused again and again \(REFUSED_STREAM\): 5\n/)
    expect(code).toBe(1)
  })

  test('no answer', async () => {
    const { origin } = await recordingServer({ answer() {} })
    const args = ['-n', '3', '-m', '3', '--timeout', '0.3']
    const report = await loadReportOf(1, `${origin}/`, ...args)
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
    const { requests, statuses } = await loadReportOf(1, `${origin}/`, ...args, ...loop)
    expect(statuses).toEqual({ 200: 10 })
    expect(requests).toMatchObject({ started: 15, succeeded: 10, unanswered: 5, unsent: 35 })
  })

  test('no room to send what is due', async () => {
    const { origin } = await recordingServer({ answer: (end) => setTimeout(end, 300) })
    const { requests } = await loadReportOf(1, `${origin}/`, '--rate', '100', '-d', '0.5')
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
    const report = parseLoadReport(stdout)
    expect(report.outcome).toBe('interrupted')
    expect(report.requests.succeeded).toBeGreaterThan(10)
    expect(report.requests.succeeded).toBe(report.requests.started)
    expect(code).toBe(1)
  })

  test('an interruption before the server has greeted', async () => {
    let connections = 0
    const { port } = await listening(net.createServer(() => connections++))
    const run = startH2lab(['load', `http://127.0.0.1:${port}/`, '-d', '60'])
    await eventually(() => expect(connections).toBe(1))
    run.process.kill('SIGINT')
    const { code, stderr } = await run.ended
    expect(stderr).toBe('interrupted\nInterrupted: nothing had been measured.\n')
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
    [['http://[::1]/', '-d', '1', '-n', '1'], "--duration and --requests can't be given together"],
    [['http://[::1]/', '-c', '1', '--connections', '2'], '--connections must be given once.'],
    [['http://[::1]/', '-x'], 'h2lab load has no option -x: it takes -c, --connections, -m,'],
    [['http://[::1]/', '--body', '/nowhere'], "--body /nowhere can't be read: ENOENT."],
    [['http://[::1]/', '--header'], '--header <field>` value is missing'],
    [['http://[::1]/', '-H', 'a: b', '-H'], "--header needs a value, such as 'name: value'."],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await h2lab(['load', ...args])
    expect(stderr).toContain(message)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('a field of HTTP/1.1, once ALPN has said that it is HTTP/2', async () => {
    const { origin } = await recordingServer({ tls: credentials })
    const { code, stderr } = await h2lab(['load', origin, '-H', 'connection: close', '-n', '1'])
    expect(stderr).toContain('HTTP/2 does not allow connection')
    expect(code).toBe(2)
  })
})
