import { concatenate, octetize } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConnectionLimits, Handler } from '../../src'
import {
  createMemoryUse,
  Http2Connection,
  releaseMemoryUse,
  type SharedMemoryUse,
  toHttp2Options,
} from '../../src/protocol'
import { takeAll } from '../support/exchange'
import {
  continuationFrame,
  dataFrame,
  headersFrame,
  rstStreamFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { opening } from '../support/http2'
import { type ParsedFrame, parseFrames } from '../support/parse-frames'
import { GET_BLOCK, getRequest } from '../support/requests'

const MIB = 1_048_576

/** What a connection holds in any case, by the limit `maxMemory`. */
const IDLE_CONNECTION = 32_768

/** Connections of one server, whose handlers are the test's. */
class ServerUnderTest {
  readonly exchanges: Parameters<Handler>[] = []
  readonly options

  constructor(limits: ConnectionLimits = {}, memoryUse?: SharedMemoryUse) {
    this.options = toHttp2Options({
      app: (...exchange) => {
        this.exchanges.push(exchange)
      },
      limits,
      memoryUse,
      clock: () => 0,
      date: false,
    })
  }

  /** In bytes. */
  get used(): number {
    return this.options.memory.used
  }

  client(): Client {
    return new Client(new Http2Connection(this.options, 0))
  }
}

class Client {
  readonly connection: Http2Connection

  constructor(connection: Http2Connection) {
    this.connection = connection
    this.send(opening())
  }

  send(...frames: readonly Uint8Array[]): ParsedFrame[] {
    this.connection.receive(concatenate(...frames))
    return this.take()
  }

  take(): ParsedFrame[] {
    return parseFrames(takeAll(this.connection))
  }
}

function upload(client: Client, streamId: number, octets: number): ParsedFrame[] {
  const frames = client.send(headersFrame(streamId, GET_BLOCK))
  for (let left = octets; left > 0; left -= 16_384) {
    frames.push(...client.send(dataFrame(streamId, new Uint8Array(Math.min(left, 16_384)))))
  }
  return frames
}

const credit = (frames: readonly ParsedFrame[]): number =>
  frames.reduce(
    (sum, frame) =>
      frame.type === 'WINDOW_UPDATE' && frame.streamId === 0 ? sum + frame.increment : sum,
    0,
  )

describe('a server counts what its clients make it hold:', () => {
  test('an idle connection', () => {
    const server = new ServerUnderTest()
    const client = server.client()
    expect(server.used).toBe(IDLE_CONNECTION)
    client.connection.abandon()
    expect(server.used).toBe(0)
  })

  test.each<[string, number, (client: Client, server: ServerUnderTest) => void]>([
    ['a request that waits for its response', 2000, (client) => client.send(getRequest(1))],
    ['a body that nobody reads', 100_000, (client) => upload(client, 1, 100_000)],
    [
      'the beginning of a header block',
      16_000,
      (client) => client.send(headersFrame(1, new Uint8Array(16_000), { endHeaders: false })),
    ],
    [
      'a response for which there is no window',
      500_000,
      (client, { exchanges }) => {
        client.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }), getRequest(1))
        exchanges[0]![1].send(200, {}, new Uint8Array(500_000))
      },
    ],
    [
      'output that is not taken',
      200_000,
      (client, { exchanges }) => {
        client.send(settingsFrame({ INITIAL_WINDOW_SIZE: MIB }), windowUpdateFrame(0, MIB))
        client.connection.receive(concatenate(...[1, 3, 5, 7].map((id) => getRequest(id))))
        for (const [, response] of exchanges) response.send(200, {}, new Uint8Array(50_000))
        client.connection.takeOutput()
      },
    ],
  ])('%s', (_, least, hold) => {
    const server = new ServerUnderTest()
    const client = server.client()
    hold(client, server)
    if (least !== 200_000) {
      expect(server.used - IDLE_CONNECTION).toBeGreaterThanOrEqual(least)
      expect(server.used - IDLE_CONNECTION).toBeLessThan(least * 2 + 5000)
    }
    client.connection.abandon()
    expect(server.used).toBe(0)
  })

  test('the same body for two clients once', () => {
    const server = new ServerUnderTest()
    const clients = [server.client(), server.client()]
    for (const client of clients) {
      client.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }), getRequest(1))
    }
    const before = server.used
    const body = new Uint8Array(MIB)
    for (const [, response] of server.exchanges) response.send(200, {}, body)
    expect(server.used - before).toBe(MIB)
    clients[0]!.connection.abandon()
    expect(server.used - before).toBeGreaterThan(MIB / 2)
    clients[1]!.connection.abandon()
    expect(server.used).toBe(0)
  })

  test('nothing of a request that is over, however it ended', async () => {
    const server = new ServerUnderTest()
    const client = server.client()
    upload(client, 1, 50_000)
    client.send(rstStreamFrame(1))
    upload(client, 3, 50_000)
    server.exchanges[1]![1].send(200)
    client.send(rstStreamFrame(3))
    upload(client, 5, 50_000)
    const body = server.exchanges[2]![0].body.octets()
    client.send(dataFrame(5, '', { endStream: true }))
    expect(await body).toHaveLength(50_000)
    server.exchanges[2]![1].send(200)
    upload(client, 7, 50_000)
    for await (const _ of server.exchanges[3]![0].body) break
    server.exchanges[3]![1].reset()
    client.take()
    expect(server.used).toBe(IDLE_CONNECTION)
  })

  test('whatever clients do, it is zero when they have gone', () => {
    const act = fc.constantFrom('get', 'upload', 'reset', 'answer', 'take', 'window', 'block')
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 2 }), act), { maxLength: 60 }), (acts) => {
        const server = new ServerUnderTest({ maxMemory: 600_000, maxConnectionMemory: 200_000 })
        const clients = [server.client(), server.client(), server.client()]
        let streamId = 1
        for (const [who, what] of acts) {
          const client = clients[who]!
          if (client.connection.state === 'closed') continue
          if (what === 'get' || what === 'upload' || what === 'block') streamId += 2
          if (what === 'get') client.connection.receive(getRequest(streamId))
          if (what === 'upload') upload(client, streamId, 30_000)
          if (what === 'reset') client.connection.receive(rstStreamFrame(streamId))
          if (what === 'answer') server.exchanges.pop()?.[1].send(200, {}, new Uint8Array(90_000))
          if (what === 'take') client.take()
          if (what === 'window') client.connection.receive(windowUpdateFrame(0, 10_000))
          if (what === 'block') {
            client.connection.receive(
              concatenate(
                headersFrame(streamId, GET_BLOCK, { endHeaders: false }),
                continuationFrame(streamId, ''),
              ),
            )
          }
        }
        for (const { connection } of clients) connection.abandon()
        expect(server.used).toBe(0)
      }),
    )
  })
})

describe('a connection that holds all that it may', () => {
  const limits = { maxConnectionMemory: 3 * MIB }

  test('gets its window back until then, however many of its uploads nobody reads', () => {
    const server = new ServerUnderTest(limits)
    const client = server.client()
    let credited = 0
    for (let index = 0; index < 4; index++) {
      credited += credit(upload(client, 1 + 2 * index, 262_144))
    }
    expect(credited).toBe(MIB)
    for (let index = 4; index < 8; index++) {
      credited += credit(upload(client, 1 + 2 * index, 262_144))
    }
    expect(credited).toBeLessThan(2 * MIB)
  })

  test('gets it when somebody has read', async () => {
    const server = new ServerUnderTest(limits)
    const client = server.client()
    for (let index = 0; index < 10; index++) upload(client, 1 + 2 * index, 262_144)
    expect(credit(client.take())).toBe(0)
    for (const [request] of server.exchanges) void request.body.octets().catch(() => {})
    await new Promise(setImmediate)
    expect(credit(client.take())).toBeGreaterThan(MIB / 2)
  })

  test('may not send beyond its window', () => {
    const server = new ServerUnderTest({ maxConnectionMemory: MIB })
    const client = server.client()
    for (let index = 0; client.connection.state === 'open' && index < 20; index++) {
      upload(client, 1 + 2 * index, 262_144)
    }
    expect(client.connection.error?.code).toBe('FLOW_CONTROL_ERROR')
    expect(server.exchanges.length).toBeLessThan(10)
  })

  test('opens no more streams, without a fault', () => {
    const server = new ServerUnderTest({ maxConnectionMemory: 20_000 })
    const client = server.client()
    const frames = client.send(
      ...Array.from({ length: 50 }, (_, index) => getRequest(1 + 2 * index)),
    )
    expect(server.exchanges.length).toBeGreaterThan(3)
    expect(server.exchanges.length).toBeLessThan(12)
    expect(frames).toHaveLength(50 - server.exchanges.length)
    for (const frame of frames) {
      expect(frame).toMatchObject({ type: 'RST_STREAM', errorCode: 'REFUSED_STREAM' })
    }
    for (const [, response] of server.exchanges) response.send(200)
    client.take()
    expect(client.send(getRequest(1001))).toEqual([])
    expect(server.exchanges.at(-1)![0].path).toBe('/')
    expect(client.connection.state).toBe('open')
  })
})

describe('a server that has too little memory', () => {
  const limits = { maxMemory: 4 * MIB }

  test('ends the connection that holds most, and serves the others', () => {
    const server = new ServerUnderTest(limits)
    const [small, large, larger] = [server.client(), server.client(), server.client()]
    small.send(getRequest(1))
    large.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }), getRequest(1))
    larger.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }), getRequest(1))
    server.exchanges[1]![1].send(200, {}, new Uint8Array(1.5 * MIB))
    server.exchanges[2]![1].send(200, {}, new Uint8Array(3 * MIB))
    expect(larger.take().at(-1)).toMatchObject({ type: 'GOAWAY', errorCode: 'ENHANCE_YOUR_CALM' })
    expect(larger.connection.error?.code).toBe('ENHANCE_YOUR_CALM')
    expect([small.connection.state, large.connection.state]).toEqual(['open', 'open'])
    expect(server.used).toBeLessThan(2 * MIB)
    server.exchanges[0]![1].send(200, {}, octetize('still here'))
    expect(small.take()).toMatchObject([{ type: 'HEADERS' }, { type: 'DATA' }])
  })

  test('sends SETTINGS before GOAWAY even if the first output was not taken: RFC 9113 section 3.4', () => {
    const server = new ServerUnderTest({ maxMemory: 120_000 })
    const connection = new Http2Connection(server.options, 0)
    connection.receive(concatenate(opening(), getRequest(1)))
    server.exchanges[0]?.[1].send(200, {}, new Uint8Array(200_000))
    connection.receive(getRequest(3))
    expect(connection.error).toMatchObject({ code: 'ENHANCE_YOUR_CALM' })
    expect(parseFrames(takeAll(connection)).map(({ type }) => type)).toEqual([
      'SETTINGS',
      'WINDOW_UPDATE',
      'GOAWAY',
    ])
  })

  test('gives nothing more to connections that hold much, and all to those that hold little', () => {
    const server = new ServerUnderTest(limits)
    const greedy = [server.client(), server.client()]
    for (const client of greedy) {
      client.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }), getRequest(1))
    }
    for (const [, response] of server.exchanges) response.send(200, {}, new Uint8Array(1.7 * MIB))
    for (const client of greedy) {
      client.take()
      expect(client.send(getRequest(3))).toMatchObject([{ errorCode: 'REFUSED_STREAM' }])
    }
    const modest = server.client()
    expect(modest.send(getRequest(1))).toEqual([])
    expect(server.exchanges).toHaveLength(3)
    greedy[0]!.connection.abandon()
    modest.take()
    expect(greedy[1]!.send(getRequest(5))).toEqual([])
    expect(server.exchanges).toHaveLength(4)
  })

  test('opens windows again when others have given memory back', () => {
    const server = new ServerUnderTest(limits)
    const client = server.client()
    for (let index = 0; index < 3; index++) upload(client, 1 + 2 * index, 262_144)
    const greedy = server.client()
    greedy.send(settingsFrame({ INITIAL_WINDOW_SIZE: 0 }), getRequest(1))
    server.exchanges.at(-1)![1].send(200, {}, new Uint8Array(2.6 * MIB))
    greedy.take()
    expect(credit(upload(client, 7, 262_144))).toBe(0)
    expect(credit(upload(client, 9, 200_000))).toBe(0)
    expect(client.connection.state).toBe('open')
    let told = 0
    client.connection.onOutputReady = () => told++
    greedy.connection.abandon()
    return Promise.resolve().then(() => {
      expect(told).toBe(1)
      expect(credit(client.take())).toBeGreaterThan(0)
    })
  })
})

describe('the threads of a server', () => {
  const limits = { maxMemory: 4 * MIB, maxConnectionMemory: 4 * MIB }

  function twoThreads(): [ServerUnderTest, ServerUnderTest, SharedMemoryUse[]] {
    const cells = createMemoryUse(2)
    const uses = [0, 1].map((index) => ({ cells, index }))
    return [new ServerUnderTest(limits, uses[0]), new ServerUnderTest(limits, uses[1]), uses]
  }

  function upload1MiB(client: Client, count: number): void {
    for (let index = 0; index < 4 * count; index++) upload(client, 1 + 2 * index, 262_144)
  }

  test('share its memory: the one that holds most ends its largest connection', () => {
    const [first, second] = twoThreads()
    const large = first.client()
    const small = second.client()
    upload1MiB(large, 2)
    upload1MiB(small, 1)
    first.options.memory.add(MIB / 2)
    second.options.memory.add(MIB * 0.9)
    small.connection.tick(1)
    expect(small.connection.state).toBe('open')
    large.connection.tick(1)
    expect(large.connection.error?.code).toBe('ENHANCE_YOUR_CALM')
    small.connection.tick(2)
    expect(small.connection.state).toBe('open')
  })

  test('have what a thread held that has died', () => {
    const [first, second, [use]] = twoThreads()
    const large = first.client()
    upload1MiB(large, 3)
    const other = second.client()
    upload1MiB(other, 1)
    expect(second.options.memory.isShort).toBe(true)
    releaseMemoryUse(use!)
    other.connection.tick(1)
    expect(second.options.memory.isShort).toBe(false)
  })
})

describe('a server near the end of its memory', () => {
  const limits = { maxMemory: MIB, maxConnectionMemory: MIB }

  test('admits a client if one that holds much can make room', () => {
    const server = new ServerUnderTest(limits)
    const large = server.client()
    for (let index = 0; index < 4; index++) upload(large, 1 + 2 * index, 230_000)
    expect(large.connection.state).toBe('open')
    expect(server.options.memory.admits()).toBe(true)
    expect(large.connection.error?.code).toBe('ENHANCE_YOUR_CALM')
  })

  test('admits none if all hold little', () => {
    const server = new ServerUnderTest(limits)
    const clients = Array.from({ length: 27 }, () => server.client())
    for (const client of clients) upload(client, 1, 1000)
    expect(server.options.memory.admits()).toBe(false)
    for (const { connection } of clients.slice(0, 9)) connection.abandon()
    expect(server.options.memory.admits()).toBe(true)
  })
})
