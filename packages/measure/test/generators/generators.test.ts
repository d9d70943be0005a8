import http from 'node:http'
import net from 'node:net'
import { asyncSockets } from '@h2lab/server-async'
import { devTls } from '@h2lab/tls-context'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import { serverStarter } from '../../../../test-support/server-starter'
import {
  embedded,
  type HttpVersion,
  h2load,
  type Load,
  type LoadGenerator,
  type LoadResult,
} from '../../src'
import { lateRelay } from '../support/late-relay'
import { listening } from '../support/listening'
import {
  type NodeServer,
  type NodeServerOptions,
  nodeServer as nodeServerOf,
  ok,
} from '../support/node-server'
import { HAS_PROC } from '../support/processes'

/*
 * Both generators in both versions of HTTP, held to the same rules.
 */

const tls = await devTls()

interface Case {
  readonly name: string
  readonly generator: LoadGenerator
  readonly httpVersion: HttpVersion
  readonly testHere: typeof testWithGenerator
}

const CASES: readonly Case[] = (['h2', 'http/1.1'] as const).flatMap((httpVersion) => [
  { name: 'embedded', generator: embedded, httpVersion, testHere: testWithGenerator },
  { name: 'h2load', generator: h2load, httpVersion, testHere: testWithH2load },
])

function testWithGenerator(title: string, body: () => Promise<void>): void {
  test(title, body)
}

function testWithH2load(title: string, body: () => Promise<void>): void {
  testWithProgram('h2load', title, body)
}

const NO_EVENTS = { measureStart: async () => {}, measureEnd: async () => {} }

describe.each(CASES)('$name in $httpVersion', ({ generator, httpVersion, testHere }) => {
  function nodeServer(
    onRequest: Parameters<typeof nodeServerOf>[0],
    options: NodeServerOptions = {},
  ): Promise<NodeServer> {
    return nodeServerOf(onRequest, { httpVersion, ...options })
  }

  async function load(
    url: string,
    about: Partial<Load> = {},
    signal?: AbortSignal,
  ): Promise<{ result: LoadResult; events: string[] }> {
    const events: string[] = []
    const result = await generator.run(
      { url, httpVersion, clients: 2, streams: 5, duration: 0.4, warmup: 0.1, ...about },
      {
        async measureStart() {
          events.push('start')
        },
        async measureEnd() {
          events.push('end')
        },
      },
      signal,
    )
    return { result, events }
  }

  testHere('counts the requests of a time, and says when that began and ended', async () => {
    const { url } = await nodeServer(ok)
    const { result, events } = await load(url)
    const { total, succeeded, failed, errored, timedOut } = result.requests
    expect(total).toBeGreaterThan(0)
    expect({ succeeded, failed, errored, timedOut }).toEqual({
      succeeded: total,
      failed: 0,
      errored: 0,
      timedOut: 0,
    })
    expect(result.duration).toBeGreaterThanOrEqual(0.4)
    expect(result.latency.mean).toBeGreaterThan(0)
    expect(result.latency.max).toBeGreaterThanOrEqual(result.latency.mean!)
    expect(result.tlsCipher).toBeNull()
    expect(events).toEqual(['start', 'end'])
  })

  testHere('tells the cipher if there is TLS', async () => {
    const { url } = await nodeServer(ok, { tls })
    const { requests, tlsCipher } = (await load(url)).result
    expect(requests.succeeded).toBeGreaterThan(0)
    expect(requests.failed).toBe(0)
    expect(tlsCipher).toMatch(/^TLSv1\.3 TLS_[A-Z0-9_]+$/)
  })

  testHere('does not count the warm-up', async () => {
    let status = 404
    const { url } = await nodeServer((exchange) => exchange.answer(status))
    const { requests } = await generator.run(
      { url, httpVersion, clients: 2, streams: 5, duration: 0.3, warmup: 1 },
      {
        async measureStart() {
          status = 200
        },
        async measureEnd() {},
      },
    )
    // Some were under way when it began.
    expect(requests.succeeded).toBeGreaterThan(requests.failed)
  })

  testHere('opens as many connections as there are clients', async () => {
    const server = await nodeServer(ok)
    const running = load(server.url, { clients: 3, warmup: 0, duration: 1 })
    await eventually(() => expect(server.sockets.size).toBe(3))
    await running
  })

  testHere('keeps as many requests in flight as there are streams', async () => {
    let open = 0
    let most = 0
    const { url } = await nodeServer((exchange) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        exchange.answer()
      }, 5)
    })
    await load(url, { clients: 1, streams: 7, warmup: 0 })
    expect(most).toBe(7)
  })

  testHere('counts answers with status 404 as failed', async () => {
    const { url } = await nodeServer((exchange) => exchange.answer(404))
    const { total, succeeded, failed, errored } = (await load(url)).result.requests
    expect(total).toBeGreaterThan(0)
    expect({ succeeded, failed, errored }).toEqual({ succeeded: 0, failed: total, errored: 0 })
  })

  if (httpVersion === 'h2') {
    testHere('counts streams that are reset as errored', async () => {
      const { url } = await nodeServer((exchange, request) => {
        if (request % 10 === 0) exchange.reset()
        else exchange.answer()
      })
      const { succeeded, failed, errored } = (await load(url)).result.requests
      expect(succeeded).toBeGreaterThan(0)
      expect(errored).toBeGreaterThan(0)
      expect(failed).toBe(errored)
    })
  }

  if (httpVersion === 'http/1.1') {
    testHere('counts requests behind the last response of a connection as errored', async () => {
      let responses = 0
      const server = http.createServer((_, response) => {
        // Never the last of the five in flight at the beginning, and none at the end.
        if (++responses % 7 === 0 && responses < 500) response.setHeader('connection', 'close')
        response.end('Hello World\n')
      })
      const url = `http://127.0.0.1:${(await listening(server)).port}/`
      const { succeeded, failed, errored } = (await load(url, { warmup: 0 })).result.requests
      expect(succeeded).toBeGreaterThan(0)
      expect(errored).toBeGreaterThan(0)
      expect(failed).toBe(errored)
    })
  }

  const title = 'counts the requests in flight on a lost connection as errored'
  if (!HAS_PROC && generator === h2load) test.skip(`${title} (skipped: there is no /proc)`)
  else {
    testHere(title, async () => {
      const server = await nodeServer(ok)
      const running = load(server.url, { clients: 3, streams: 5, warmup: 0, duration: 1 })
      await eventually(() => expect(server.sockets.size).toBe(3))
      setTimeout(() => [...server.sockets][0]!.destroy(), 300)
      const { errored } = (await running).result.requests
      expect(errored).toBe(5)
    })
  }

  testHere('rejects if no request is answered', async () => {
    const { url } = await nodeServer(() => {})
    await expect(load(url)).rejects.toMatchObject({
      code: 'GENERATOR_FAILED',
      message: expect.stringContaining(url),
    })
  })

  const other = httpVersion === 'h2' ? 'http/1.1' : 'h2'
  for (const credentials of [undefined, tls]) {
    const transport = credentials === undefined ? 'plain TCP' : 'TLS'
    testHere(`rejects a server that only speaks ${other}, over ${transport}`, async () => {
      const { url } = await nodeServer(ok, { httpVersion: other, tls: credentials })
      await expect(load(url)).rejects.toMatchObject({ code: 'GENERATOR_FAILED' })
    })
  }

  testHere('rejects if there is no server', async () => {
    await expect(load('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'GENERATOR_FAILED' })
  })

  testHere('ends early when it is aborted', async () => {
    const server = await nodeServer(ok)
    const controller = new AbortController()
    const running = load(server.url, { duration: 60 }, controller.signal)
    await eventually(() => expect(server.sockets.size).toBe(2))
    controller.abort()
    await expect(running).rejects.toThrow()
    await eventually(() => expect(server.sockets.size).toBe(0))
  })

  testHere('passes on what an event throws', async () => {
    const { url } = await nodeServer(ok)
    const reason = new Error('the server is gone')
    const events = {
      measureStart: () => Promise.reject(reason),
      measureEnd: () => Promise.resolve(),
    }
    await expect(
      generator.run(
        { url, httpVersion, clients: 1, streams: 1, duration: 0.3, warmup: 0.1 },
        events,
      ),
    ).rejects.toBe(reason)
  })
})

describe('the embedded generator', () => {
  function load(url: string, httpVersion: HttpVersion, clients: number): Promise<LoadResult> {
    const about = { streams: 5, duration: 0.3, warmup: 0.2 }
    return embedded.run({ url, httpVersion, clients, ...about }, NO_EVENTS)
  }

  test('counts requests that are open all the time as timed out', async () => {
    let hanging = 0
    const { url } = await nodeServerOf((exchange) => {
      if (hanging < 3) hanging++
      else exchange.answer()
    })
    const { requests } = await load(url, 'h2', 1)
    expect(requests).toMatchObject({ timedOut: 3, failed: 3, errored: 0 })
  })

  test('counts requests behind one that is not answered as timed out, if pipelined', async () => {
    const { url } = await nodeServerOf(
      (exchange, request) => {
        if (request > 1) exchange.answer()
      },
      { httpVersion: 'http/1.1' },
    )
    const { requests } = await load(url, 'http/1.1', 2)
    expect(requests).toMatchObject({ timedOut: 5, failed: 5, errored: 0 })
  })

  test('counts requests behind a last response as errored, if pipelined', async () => {
    const server = http.createServer((_, response) => {
      if (!measuring || last !== undefined) {
        response.end('Hello World\n')
        return
      }
      last = response.setHeader('connection', 'close')
      // Until then all before it have been answered, and made room for others.
      setTimeout(() => response.end('Hello World\n'), 50)
    })
    let measuring = false
    let last: http.ServerResponse | undefined
    const url = `http://127.0.0.1:${(await listening(server)).port}/`
    const about = { clients: 2, streams: 5, duration: 0.3, warmup: 0.2 }
    const { requests } = await embedded.run(
      { url, httpVersion: 'http/1.1', ...about },
      {
        async measureStart() {
          measuring = true
        },
        async measureEnd() {},
      },
    )
    expect(last).toBeDefined()
    expect(requests.succeeded).toBeGreaterThan(0)
    expect(requests.errored).toBe(4)
  })

  test('says what it got instead of a response', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.end('220 mail.example.com\r\n')
    })
    const url = `http://127.0.0.1:${(await listening(server)).port}/`
    await expect(load(url, 'http/1.1', 1)).rejects.toMatchObject({
      code: 'GENERATOR_FAILED',
      message: expect.stringContaining(
        'invalid HTTP/1.1 response: it is not a response to any request',
      ),
    })
  })

  test.each(['h2', 'http/1.1'] as const)('says that TLS chose no %s', async (httpVersion) => {
    const other = httpVersion === 'h2' ? 'http/1.1' : 'h2'
    const { url } = await nodeServerOf(ok, { httpVersion: other, tls })
    await expect(load(url, httpVersion, 1)).rejects.toMatchObject({
      message: expect.stringContaining(`does not speak ${httpVersion}, as ALPN says`),
    })
  })
})

test('the embedded generator begins when the server serves all clients', async () => {
  const server = await serverStarter(asyncSockets, { protocol: 'http2', tls: false }).start()
  const url = `http://127.0.0.1:${await lateRelay(server.port, 1500)}/`
  const about = { clients: 2, streams: 1, duration: 0.3, warmup: 0.1 }
  const { requests } = await embedded.run({ url, httpVersion: 'h2', ...about }, NO_EVENTS)
  expect(requests.succeeded).toBeGreaterThan(0)
  expect(requests.failed).toBe(0)
})

testWithProgram('h2load', 'h2load is given up if a client connects too late', async () => {
  const server = await serverStarter(asyncSockets, { protocol: 'mini', tls: true }).start()
  const url = `https://127.0.0.1:${await lateRelay(server.port, 1500)}/`
  const about = { clients: 2, streams: 1, duration: 0.3, warmup: 0.1 }
  await expect(h2load.run({ url, httpVersion: 'h2', ...about }, NO_EVENTS)).rejects.toMatchObject({
    code: 'TIMED_OUT',
    message: expect.stringContaining('a client was not connected by then'),
  })
})
