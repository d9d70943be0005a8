import { asyncSockets } from '@h2lab/server-async'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import { serverStarter } from '../../../../test-support/server-starter'
import { embedded, h2load, type LoadGenerator, type LoadResult } from '../../src'
import { lateRelay } from '../support/late-relay'
import { nodeServer, ok } from '../support/node-server'
import { HAS_PROC } from '../support/processes'

/*
 * Both generators, held to the same rules.
 */

const CASES: readonly [LoadGenerator, typeof testWithGenerator][] = [
  [embedded, testWithGenerator],
  [h2load, (title, body) => testWithProgram('h2load', title, body)],
]

function testWithGenerator(title: string, body: () => Promise<void>): void {
  test(title, body)
}

describe.each(CASES)('$name', (generator, testHere) => {
  async function load(
    url: string,
    about: { clients?: number; streams?: number; duration?: number; warmup?: number } = {},
    signal?: AbortSignal,
  ): Promise<{ result: LoadResult; events: string[] }> {
    const events: string[] = []
    const result = await generator.run(
      { url, clients: 2, streams: 5, duration: 0.4, warmup: 0.1, ...about },
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

  testHere('does not count the warm-up', async () => {
    let status = 404
    const { url } = await nodeServer((stream) => {
      stream.respond({ ':status': status })
      stream.end()
    })
    const { requests } = await generator.run(
      { url, clients: 2, streams: 5, duration: 0.3, warmup: 1 },
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
    const { url } = await nodeServer((stream) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        if (!stream.destroyed) ok(stream)
      }, 5)
    })
    await load(url, { clients: 1, streams: 7, warmup: 0 })
    expect(most).toBe(7)
  })

  testHere('counts answers with status 404 as failed', async () => {
    const { url } = await nodeServer((stream) => {
      stream.respond({ ':status': 404 })
      stream.end()
    })
    const { total, succeeded, failed, errored } = (await load(url)).result.requests
    expect(total).toBeGreaterThan(0)
    expect({ succeeded, failed, errored }).toEqual({ succeeded: 0, failed: total, errored: 0 })
  })

  testHere('counts streams that are reset as errored', async () => {
    const { url } = await nodeServer((stream, request) => {
      if (request % 10 === 0) stream.close(http2InternalError)
      else ok(stream)
    })
    const { succeeded, failed, errored } = (await load(url)).result.requests
    expect(succeeded).toBeGreaterThan(0)
    expect(errored).toBeGreaterThan(0)
    expect(failed).toBe(errored)
  })

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
      generator.run({ url, clients: 1, streams: 1, duration: 0.3, warmup: 0.1 }, events),
    ).rejects.toBe(reason)
  })
})

/** RFC 9113 section 7. */
const http2InternalError = 0x2

test('the embedded generator counts requests that are open all the time as timed out', async () => {
  let hanging = 0
  const { url } = await nodeServer((stream) => {
    if (hanging < 3) hanging++
    else ok(stream)
  })
  const result = await embedded.run(
    { url, clients: 1, streams: 5, duration: 0.3, warmup: 0.2 },
    { measureStart: async () => {}, measureEnd: async () => {} },
  )
  expect(result.requests).toMatchObject({ timedOut: 3, failed: 3, errored: 0 })
})

testWithProgram('h2load', 'h2load is given up if a client connects too late', async () => {
  const server = await serverStarter(asyncSockets, { protocol: 'mini', tls: true }).start()
  const url = `https://127.0.0.1:${await lateRelay(server.port, 1500)}/`
  const load = { url, clients: 2, streams: 1, duration: 0.3, warmup: 0.1 }
  const events = { measureStart: async () => {}, measureEnd: async () => {} }
  await expect(h2load.run(load, events)).rejects.toMatchObject({
    code: 'GENERATOR_FAILED',
    message: expect.stringContaining('a client was not connected by then'),
  })
})
