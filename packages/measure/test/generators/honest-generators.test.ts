import http2, { type ServerHttp2Session } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { embedded, type HttpVersion, h2load, type Load, type LoadResult } from '../../src'
import { listening } from '../support/listening'
import { type NodeServerOptions, nodeServer, ok } from '../support/node-server'

/*
 * Servers that make a careless generator report a good figure and no failure. Each has to show in the result, or to
 * fail the trial where the figure means nothing.
 */

const NO_EVENTS = { measureStart: async () => {}, measureEnd: async () => {} }

const GENERATORS = [
  {
    generator: embedded,
    testHere: (title: string, body: () => Promise<void>) => test(title, body),
  },
  {
    generator: h2load,
    testHere: (title: string, body: () => Promise<void>) => testWithProgram('h2load', title, body),
  },
]

const CASES = (['h2', 'http/1.1'] as const).flatMap((httpVersion) =>
  GENERATORS.map((one) => ({ ...one, name: one.generator.name, httpVersion })),
)

/** Answers so many requests, and no more. */
function silentAfter(answers: number): Parameters<typeof nodeServer>[0] {
  return (exchange, request) => {
    if (request <= answers) exchange.answer()
  }
}

describe.each(CASES)('$name in $httpVersion', ({ generator, httpVersion, testHere }) => {
  async function load(
    onRequest: Parameters<typeof nodeServer>[0],
    server: NodeServerOptions,
    about: Partial<Load> = {},
  ): Promise<LoadResult> {
    const { url } = await nodeServer(onRequest, { ...server, httpVersion })
    const all = { clients: 2, streams: 5, duration: 1, warmup: 0.1, ...about }
    return generator.run({ url, httpVersion, ...all }, NO_EVENTS)
  }

  testHere('fails if the server falls silent', async () => {
    await expect(load(silentAfter(3000), {}, { warmup: 0 })).rejects.toMatchObject({
      code: 'GENERATOR_FAILED',
      message: expect.stringContaining('fell silent'),
    })
  })

  testHere('does not take a slow server for a silent one', async () => {
    const slow: Parameters<typeof nodeServer>[0] = (exchange) => {
      setTimeout(() => exchange.answer(), 300)
    }
    const { requests } = await load(slow, {}, { warmup: 0, clients: 1, streams: 1, duration: 1.4 })
    expect(requests.succeeded).toBeGreaterThan(0)
  })

  if (httpVersion === 'h2') {
    testHere('tells how many requests were in flight if the server allows fewer', async () => {
      const { mostInFlight } = await load(ok, { maxConcurrentStreams: 10 }, { streams: 100 })
      expect(mostInFlight).toBe(10)
    })

    testHere(
      'tells that as many as were asked were in flight if the server allows them',
      async () => {
        const { mostInFlight } = await load(ok, {}, { streams: 7 })
        expect(mostInFlight).toBe(7)
      },
    )
  }
})

describe.each(['h2', 'http/1.1'] as const)(
  'a server that ends each connection after some requests, in %s',
  (httpVersion: HttpVersion) => {
    test('is loaded on new connections by the embedded generator, and the result counts them', async () => {
      const { url } = await nodeServer(ok, { httpVersion, requestsPerConnection: 100 })
      const about = { clients: 2, streams: httpVersion === 'h2' ? 5 : 1, duration: 1, warmup: 0.1 }
      const { requests, reconnections } = await embedded.run(
        { url, httpVersion, ...about },
        NO_EVENTS,
      )
      expect(requests.failed).toBe(0)
      expect(requests.succeeded).toBeGreaterThan(500)
      expect(reconnections).toBeGreaterThan(requests.succeeded / 100 - 5)
    })
  },
)

testWithProgram('h2load', 'h2load fails where it has lost all connections', async () => {
  const { url } = await nodeServer(ok, { requestsPerConnection: 1000 })
  const about = { clients: 2, streams: 5, duration: 1, warmup: 0.1 }
  await expect(h2load.run({ url, httpVersion: 'h2', ...about }, NO_EVENTS)).rejects.toMatchObject({
    code: 'GENERATOR_FAILED',
    message: expect.stringContaining(url),
  })
})

test('the embedded generator keeps to the limit of streams on new connections, too', async () => {
  const { url } = await nodeServer(ok, { maxConcurrentStreams: 10, requestsPerConnection: 100 })
  const about = { clients: 2, streams: 100, duration: 0.6, warmup: 0.1 }
  const result = await embedded.run({ url, httpVersion: 'h2', ...about }, NO_EVENTS)
  expect(result.reconnections).toBeGreaterThan(0)
  expect(result.mostInFlight).toBe(10)
  expect(result.requests.failed).toBe(0)
})

test('the embedded generator fails if the server answers all, and takes no connections any more', async () => {
  const sessions = new Set<ServerHttp2Session>()
  let requests = 0
  const server = http2.createServer((_, response) => {
    response.end('Hello World\n')
    if (++requests !== 1000) return
    server.close()
    for (const session of sessions) session.close()
  })
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => {})
  })
  const url = `http://127.0.0.1:${(await listening(server)).port}/`
  const about = { clients: 2, streams: 5, duration: 1.5, warmup: 0 }
  await expect(embedded.run({ url, httpVersion: 'h2', ...about }, NO_EVENTS)).rejects.toMatchObject(
    { code: 'GENERATOR_FAILED', message: expect.stringContaining('fell silent') },
  )
})
