import { createServer } from 'node:net'
import { devTls } from '@h2lab/tls-context'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import type { LoadSession } from '../../src/load/load-worker'
import { latencyOf, mergeTallies } from '../../src/load/merge-tallies'
import type { LoadPart, LoadPlan } from '../../src/load/plan'
import { type LocalWorker, startWorker } from '../../src/load/start-worker'
import type { Tally } from '../../src/load/tally'
import { listening } from '../support/listening'
import { type NodeServerOptions, nodeServer, ok } from '../support/node-server'

/*
 * A load worker against real servers: what is sent, what is counted, and when.
 */

const tls = await devTls()

let worker: LocalWorker

beforeAll(async () => {
  worker = await startWorker()
})

afterAll(() => worker.end())

const REQUEST = { method: 'GET', path: '/', headers: [], body: null, weight: 1 } as const

interface Loaded {
  readonly session: LoadSession
  readonly requests: () => number
  readonly sockets: ReadonlySet<unknown>
}

async function loaded(
  onRequest: Parameters<typeof nodeServer>[0] = ok,
  server: NodeServerOptions = {},
  plan: Partial<LoadPlan> = {},
): Promise<Loaded> {
  let count = 0
  const { url, sockets } = await nodeServer((exchange, request) => {
    count++
    onRequest(exchange, request)
  }, server)
  const session = await worker.connect({
    origin: new URL(url).origin,
    httpVersion: server.httpVersion ?? 'h2',
    connections: 2,
    streams: 5,
    requests: [{ ...REQUEST, headers: [] }],
    answerTime: 1,
    seed: 1,
    ...plan,
  })
  return { session, requests: () => count, sockets }
}

const closed = { kind: 'closed' } as const
const time = (seconds: number) => ({ kind: 'time', seconds }) as const
const requests = (count: number) => ({ kind: 'requests', requests: count }) as const

function open(from: number, to = from, arrivals: 'constant' | 'poisson' = 'constant') {
  return { kind: 'open', rate: { from, to }, arrivals } as const
}

/** Each request is in one place. */
function sumOf({ succeeded, failed, errored, unanswered }: Tally): number {
  return succeeded + failed + errored + unanswered
}

describe.each([
  ['h2', undefined],
  ['h2', tls],
  ['http/1.1', undefined],
  ['http/1.1', tls],
] as const)('by %s', (httpVersion, credentials) => {
  const transport = credentials === undefined ? 'plain TCP' : 'TLS'
  const server = { httpVersion, tls: credentials }

  test(`a closed loop sends exactly as many requests as were asked for, over ${transport}`, async () => {
    const { session, requests: seen } = await loaded(ok, server)
    const tally = await session.run({ loop: closed, until: requests(123) })
    expect(tally).toMatchObject({ started: 123, succeeded: 123, unanswered: 0, unsent: 0 })
    expect(tally.statuses).toEqual({ 200: 123 })
    expect(seen()).toBe(123)
  })

  test(`an open loop sends as many as its rate says, over ${transport}`, async () => {
    const { session, requests: seen } = await loaded(ok, server)
    const tally = await session.run({ loop: open(400), until: time(0.5) })
    expect(tally.started + tally.unsent).toBe(200)
    expect(tally.succeeded).toBe(tally.started)
    expect(seen()).toBe(tally.started)
  })

  test(`nothing is in flight after a part, over ${transport}`, async () => {
    let open = 0
    const { session } = await loaded((exchange) => {
      open++
      setTimeout(() => {
        open--
        exchange.answer()
      }, 20)
    }, server)
    const tally = await session.run({ loop: closed, until: time(0.2) })
    expect(open).toBe(0)
    expect(tally.succeeded).toBe(tally.started)
    const again = await session.run({ loop: closed, until: requests(7) })
    expect(again).toMatchObject({ started: 7, succeeded: 7, reconnections: 0 })
  })
})

describe('a closed loop', () => {
  test('runs for the time that was asked for, and counts until the last answer', async () => {
    const { session } = await loaded()
    const tally = await session.run({ loop: closed, until: time(0.3) })
    expect(tally.seconds).toBeGreaterThan(0.25)
    expect(sumOf(tally)).toBe(tally.started)
    expect(tally.mostInFlight).toBe(5)
    expect(tally.cpu).toBeGreaterThan(0)
    expect(latencyOf(tally).p50).toBeGreaterThan(0)
  })

  test('ends early when it is told, with what has come by then', async () => {
    const { session, requests: seen } = await loaded()
    const controller = new AbortController()
    const running = session.run({ loop: closed, until: time(600) }, { signal: controller.signal })
    await eventually(() => expect(seen()).toBeGreaterThan(20))
    controller.abort()
    const tally = await running
    expect(tally.succeeded).toBe(tally.started)
    expect(tally.started).toBe(seen())
  })

  test('sends each request of the plan as often as its weight says', async () => {
    const paths = new Map<string, number>()
    const { session } = await loaded(
      (exchange) => {
        const which = exchange.header('x-which')!
        paths.set(which, (paths.get(which) ?? 0) + 1)
        exchange.answer()
      },
      {},
      {
        requests: [
          { ...REQUEST, headers: [['x-which', 'rare']], weight: 1 },
          { ...REQUEST, headers: [['x-which', 'frequent']], weight: 3 },
        ],
      },
    )
    await session.run({ loop: closed, until: requests(2000) })
    expect(paths.get('rare')! + paths.get('frequent')!).toBe(2000)
    // Five standard deviations of a binomial distribution around 500.
    expect(Math.abs(paths.get('rare')! - 500)).toBeLessThan(5 * Math.sqrt(2000 * 0.25 * 0.75))
  })

  test('counts requests whose answer does not come as unanswered, and goes on with new connections', async () => {
    const { session } = await loaded((exchange, request) => {
      if (request > 3) exchange.answer()
    })
    const tally = await session.run({ loop: closed, until: requests(50) })
    expect(tally).toMatchObject({ started: 50, succeeded: 47, unanswered: 3 })
    const again = await session.run({ loop: closed, until: requests(20) })
    expect(again).toMatchObject({ started: 20, succeeded: 20, unanswered: 0 })
    expect(again.reconnections).toBeGreaterThan(0)
  })

  test('gives few requests to all connections alike', async () => {
    const { session } = await loaded(
      (exchange) => setTimeout(() => exchange.answer(), 100),
      {},
      { connections: 4, streams: 5 },
    )
    const tally = await session.run({ loop: closed, until: requests(8) })
    expect(tally).toMatchObject({ started: 8, succeeded: 8, mostInFlight: 2 })
  })

  test('counts what has no answer on connections that the server is ending', async () => {
    const { session } = await loaded(
      (exchange, request) => {
        if (request !== 3) exchange.answer()
      },
      { requestsPerConnection: 3 },
      { connections: 1, streams: 3 },
    )
    const tally = await session.run({ loop: closed, until: requests(10) })
    expect(tally).toMatchObject({ started: 10, succeeded: 9, unanswered: 1 })
  })

  test('sends what the server did not process again, and counts it once', async () => {
    const { session, requests: seen } = await loaded(
      ok,
      { requestsPerConnection: 20 },
      { connections: 1, streams: 30 },
    )
    const tally = await session.run({ loop: closed, until: requests(200) })
    expect(tally).toMatchObject({ started: 200, succeeded: 200, errored: 0 })
    expect(seen()).toBe(200)
    expect(tally.reconnections).toBeGreaterThan(0)
  })

  test('begins with all connections, whatever the part before has lost', async () => {
    let state: 'broken' | 'well' = 'broken'
    const { session } = await loaded(
      (exchange) => (state === 'broken' ? exchange.reset() : exchange.answer()),
      { httpVersion: 'http/1.1' },
      { connections: 1 },
    )
    await session.run({ loop: closed, until: time(0.5) })
    state = 'well'
    const tally = await session.run({ loop: closed, until: requests(5) })
    expect(tally).toMatchObject({ started: 5, succeeded: 5 })
  })

  test('counts the time of a body that the end of its connection ends', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nHello')
        setTimeout(() => socket.write(' World'), 300)
        setTimeout(() => socket.end(), 600)
      })
    })
    const { port } = await listening(server)
    const session = await worker.connect({
      ...{ origin: `http://127.0.0.1:${port}`, httpVersion: 'http/1.1' },
      ...{ connections: 1, streams: 1, requests: [{ ...REQUEST, headers: [] }] },
      ...{ answerTime: 5, seed: 1 },
    })
    const tally = await session.run({ loop: closed, until: requests(1) })
    expect(tally.succeeded).toBe(1)
    expect(latencyOf(tally).p50).toBeGreaterThan(500_000)
    expect(tally.seconds).toBeGreaterThan(0.5)
  })

  test('does not hammer a server that ends every connection, and says what happened', async () => {
    let connections = 0
    const { session } = await loaded(
      (exchange) => {
        connections++
        exchange.reset()
      },
      { httpVersion: 'http/1.1' },
    )
    const tally = await session.run({ loop: closed, until: time(0.5) })
    expect(tally.succeeded).toBe(0)
    expect(tally.errored).toBeGreaterThan(0)
    expect(Object.keys(tally.faults).join()).toContain('connection lost')
    expect(connections).toBeLessThan(60)
  })
})

describe('an open loop', () => {
  test('counts latency from when a request was due: a stall shows in all that came due in it', async () => {
    let stalledUntil = 0
    const { session } = await loaded(
      (exchange, request) => {
        if (request === 20) stalledUntil = performance.now() + 300
        const wait = stalledUntil - performance.now()
        if (wait > 0) setTimeout(() => exchange.answer(), wait)
        else exchange.answer()
      },
      {},
      { connections: 1, streams: 1 },
    )
    const tally = await session.run({ loop: open(200), until: time(1) })
    const { p50, max } = latencyOf(tally)
    expect(max).toBeGreaterThan(250_000)
    // Some 60 of 200 requests came due in the stall; a closed loop would have had one.
    expect(latencyOf(tally).p90).toBeGreaterThan(50_000)
    expect(p50).toBeLessThan(max!)
    expect(tally.started + tally.unsent).toBe(200)
  })

  test('tells how many requests were due and had no connection with room', async () => {
    const { session } = await loaded(
      (exchange) => setTimeout(() => exchange.answer(), 100),
      {},
      { connections: 1, streams: 2 },
    )
    const tally = await session.run({ loop: open(500), until: time(0.5) })
    expect(tally.unsent).toBeGreaterThan(150)
    expect(tally.started + tally.unsent).toBe(250)
    expect(tally.mostInFlight).toBe(2)
  })

  test('goes from one rate to another', async () => {
    const at: number[] = []
    const { session } = await loaded((exchange) => {
      at.push(performance.now())
      exchange.answer()
    })
    const tally = await session.run({ loop: open(100, 900), until: time(1) })
    expect(tally.started + tally.unsent).toBe(500)
    const half = at.filter((one) => one < at[0]! + 500).length
    // 100 t + 400 t² at 0.5 s is 150 of 500.
    expect(half).toBeLessThan(250)
  })
})

test('what is told as progress adds up to the result', async () => {
  const { session } = await loaded()
  const told: Tally[] = []
  const result = await session.run(
    { loop: closed, until: time(0.5) },
    { progressEvery: 0.1, onProgress: (since) => told.push(since) },
  )
  expect(told.length).toBeGreaterThan(1)
  const sum = mergeTallies(told)
  expect(sum.started).toBeLessThanOrEqual(result.started)
  expect(sum.started).toBeGreaterThan(0)
  expect(sumOf(result)).toBe(result.started)
  expect(result.statuses).toEqual({ 200: result.started })
  expect(result.seconds).toBeGreaterThan(0.4)
})

test('a part begins after its delay', async () => {
  const { session, requests: seen } = await loaded()
  const running = session.run({ loop: closed, until: requests(5) }, { delay: 0.5 })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(seen()).toBe(0)
  expect((await running).started).toBe(5)
})

describe('a part that waits for its delay', () => {
  const part = { loop: closed, until: requests(5) }

  test('ends at once when it is told to', async () => {
    const { session, requests: seen } = await loaded()
    const controller = new AbortController()
    const running = session.run(part, { delay: 600, signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    expect(await running).toMatchObject({ started: 0, unanswered: 0 })
    expect(seen()).toBe(0)
  })

  test('ends with its connections', async () => {
    const { session, requests: seen, sockets } = await loaded()
    const running = session.run(part, { delay: 600 })
    setTimeout(() => void session.close(), 50)
    await running.catch(() => {})
    await eventually(() => expect(sockets.size).toBe(0))
    expect(seen()).toBe(0)
  })

  test('keeps others from running', async () => {
    const { session } = await loaded()
    const running = session.run(part, { delay: 0.3 })
    await expect(session.run(part)).rejects.toThrow('Another part of the load is already running.')
    expect((await running).started).toBe(5)
  })
})

test('one worker loads several servers, each when it is told', async () => {
  const one = await loaded()
  const other = await loaded()
  await one.session.run({ loop: closed, until: requests(10) })
  expect([one.requests(), other.requests()]).toEqual([10, 0])
  await other.session.run({ loop: closed, until: requests(20) })
  expect([one.requests(), other.requests()]).toEqual([10, 20])
})

test('a session says how few streams the server allowed, and closes its connections', async () => {
  const { session, sockets } = await loaded(ok, { maxConcurrentStreams: 3 })
  const tally = await session.run({ loop: closed, until: requests(50) })
  expect(tally).toMatchObject({ mostStreams: 3, mostInFlight: 3 })
  await session.close()
  await eventually(() => expect(sockets.size).toBe(0))
})

describe('a worker', () => {
  const part: LoadPart = { loop: closed, until: time(600) }

  test('that is killed fails what is waited for, and says how it ended', async () => {
    const victim = await startWorker({ name: 'the victim' })
    const { url } = await nodeServer(ok)
    const session = await victim.connect({
      origin: new URL(url).origin,
      httpVersion: 'h2',
      connections: 1,
      streams: 1,
      requests: [{ ...REQUEST, headers: [] }],
      answerTime: 1,
      seed: 1,
    })
    const running = session.run(part)
    process.kill(victim.pid, 'SIGKILL')
    const expected = {
      code: 'GENERATOR_FAILED',
      message: expect.stringMatching(/the victim ended \(SIGKILL\)/),
    }
    await expect(running).rejects.toMatchObject(expected)
    await expect(session.run(part)).rejects.toMatchObject(expected)
    await victim.end()
  })

  test('refuses a plan that makes no sense, and says what is wrong', async () => {
    const other = await startWorker()
    const plan = { origin: 'http://127.0.0.1:1', connections: 0 } as unknown as LoadPlan
    await expect(other.connect(plan)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('plan.'),
    })
    await other.end()
  })

  test('says that there is no server', async () => {
    const plan = {
      origin: 'http://127.0.0.1:1',
      httpVersion: 'h2',
      connections: 1,
      streams: 1,
      requests: [{ ...REQUEST, headers: [] }],
      answerTime: 1,
      seed: 1,
    } satisfies LoadPlan
    await expect(worker.connect(plan)).rejects.toMatchObject({
      code: 'GENERATOR_FAILED',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })
})
