import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { concatenate, type OctetVector } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../src'
import { takeTurns } from '../support/exchange'
import {
  continuationFrame,
  dataFrame,
  goawayFrame,
  headersFrame,
  pingFrame,
  priorityFrame,
  priorityUpdateFrame,
  rawFrame,
  rstStreamFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { AT_ONCE, Conversation } from '../support/http2'
import { GET, request } from '../support/http2-messages'
import { GET_BLOCK, getRequest } from '../support/requests'

/** Expects that repeating the same input finally ends the connection with ENHANCE_YOUR_CALM. */
function expectCalm(
  conversation: Conversation,
  allowed: number,
  input: (index: number) => OctetVector,
): void {
  for (let index = 0; index < allowed; index++) {
    conversation.receive(input(index))
    conversation.take()
  }
  expect(conversation.connection.state).toBe('open')
  expect(conversation.send(input(allowed)).at(-1)).toMatchObject({
    type: 'GOAWAY',
    errorCode: 'ENHANCE_YOUR_CALM',
  })
  expect(conversation.connection).toMatchObject({
    state: 'closed',
    error: { code: 'ENHANCE_YOUR_CALM' },
  })
}

const stream = (index: number) => 2 * index + 1

describe('resetBurst: streams that are reset in a burst, 1000,', () => {
  const LIMITS = { limits: { resetBurst: 20 } }

  test('of rapid reset: requests that the client resets at once', () => {
    expectCalm(new Conversation(LIMITS), 20, (index) =>
      concatenate(getRequest(stream(index)), rstStreamFrame(stream(index))),
    )
  })

  test('of MadeYouReset: requests whose client makes us reset them by a fault', () => {
    const faults: ((id: number) => OctetVector)[] = [
      (id) => windowUpdateFrame(id, 0),
      (id) => windowUpdateFrame(id, 2 ** 31 - 1),
      (id) => dataFrame(id, 'on a stream that has ended'),
      (id) => headersFrame(id, ''),
      (id) => priorityFrame(id, { streamDependency: id }),
      (id) => rawFrame(0x02, 0, id, 'abcd'),
    ]
    for (const fault of faults) {
      expectCalm(new Conversation(LIMITS), 20, (index) =>
        concatenate(getRequest(stream(index)), fault(stream(index))),
      )
    }
  })

  test('of malformed requests', () => {
    expectCalm(new Conversation(LIMITS), 20, (index) => request(stream(index), GET.slice(1)))
  })

  test('of requests beyond maxConcurrentStreams', () => {
    const conversation = new Conversation({ limits: { resetBurst: 20, maxConcurrentStreams: 1 } })
    conversation.send(getRequest(1))
    expectCalm(conversation, 20, (index) => getRequest(stream(index + 1)))
  })

  test('is that by default', () => {
    expect(DEFAULT_LIMITS).toMatchObject({ resetBurst: 1000, resetsPerSecond: 33 })
    expectCalm(new Conversation(), 1000, (index) =>
      concatenate(getRequest(stream(index)), rstStreamFrame(stream(index))),
    )
  })

  test('resetsPerSecond: is refilled as time goes on, and not beyond', () => {
    const conversation = new Conversation({ limits: { resetBurst: 20, resetsPerSecond: 5 } })
    let index = 0
    const reset = () => {
      conversation.send(getRequest(stream(index)), rstStreamFrame(stream(index)))
      index++
    }
    for (let count = 0; count < 20; count++) reset()
    conversation.connection.tick(1000)
    for (let count = 0; count < 5; count++) reset()
    conversation.connection.tick(100_000)
    for (let count = 0; count < 20; count++) reset()
    expect(conversation.connection.state).toBe('open')
    reset()
    expect(conversation.connection.error?.code).toBe('ENHANCE_YOUR_CALM')
  })

  test('does not count what the application resets', () => {
    const conversation = new Conversation({
      app: (_, response) => response.reset(),
      limits: { resetBurst: 20 },
    })
    for (let index = 0; index < 100; index++) conversation.send(getRequest(stream(index)))
    expect(conversation.connection.state).toBe('open')
  })
})

describe('idleFrameBurst: frames without effect in a burst, 10,000,', () => {
  const open = headersFrame(1, GET_BLOCK)

  const floods: Record<string, OctetVector> = {
    'empty DATA': dataFrame(1),
    'DATA of nothing but padding': dataFrame(1, '', { padding: 0 }),
    PRIORITY: priorityFrame(1),
    PRIORITY_UPDATE: priorityUpdateFrame(1, 'u=1'),
    'an unknown type': rawFrame(0xbb, 0, 0),
    'WINDOW_UPDATE of the connection': windowUpdateFrame(0, 1),
    'WINDOW_UPDATE of a stream': windowUpdateFrame(1, 1),
    'PING with ACK': pingFrame('12345678', { ack: true }),
    'SETTINGS with ACK': settingsAckFrame(),
    PING: pingFrame(),
    SETTINGS: settingsFrame({ INITIAL_WINDOW_SIZE: 0 }),
  }

  test.each(Object.entries(floods))('of %s', (_, frame) => {
    const conversation = new Conversation({ limits: { idleFrameBurst: 50 } })
    conversation.send(open)
    expectCalm(conversation, 50, () => frame)
  })

  test.each([
    ['RST_STREAM', rstStreamFrame(1)],
    ['empty DATA', dataFrame(1, '')],
    ['trailers', headersFrame(1, '', { endStream: true })],
    ['WINDOW_UPDATE', windowUpdateFrame(1, 1)],
    ['WINDOW_UPDATE of 0 octets', windowUpdateFrame(1, 0)],
  ])('of %s on a stream that was reset', (_, frame) => {
    const conversation = new Conversation({ limits: { idleFrameBurst: 50 } })
    conversation.send(open)
    conversation.last.response.reset()
    expectCalm(conversation, 50, () => frame)
  })

  test('of GOAWAY behind the first', () => {
    const conversation = new Conversation({ limits: { idleFrameBurst: 50 } })
    conversation.send(open, goawayFrame())
    for (let count = 0; count < 50; count++) expect(conversation.send(goawayFrame())).toEqual([])
    expect(conversation.send(goawayFrame())).toMatchObject([{ errorCode: 'ENHANCE_YOUR_CALM' }])
  })

  test('is that by default', () => {
    expect(DEFAULT_LIMITS).toMatchObject({ idleFrameBurst: 10_000, idleFramesPerSecond: 330 })
    expectCalm(new Conversation(), 10_000, () => priorityFrame(1))
  })

  test('idleFramesPerSecond: is refilled as time goes on', () => {
    const conversation = new Conversation({
      limits: { idleFrameBurst: 50, idleFramesPerSecond: 10 },
    })
    for (let count = 0; count < 50; count++) conversation.send(priorityFrame(1))
    conversation.connection.tick(2000)
    expectCalm(conversation, 20, () => priorityFrame(1))
  })

  test('does not count WINDOW_UPDATE that answers DATA, one for the stream and one for the connection', () => {
    const conversation = new Conversation({ app: AT_ONCE, limits: { idleFrameBurst: 5 } })
    for (let index = 0; index < 100; index++) {
      conversation.send(getRequest(stream(index)))
      conversation.send(windowUpdateFrame(0, 12), windowUpdateFrame(stream(index), 12))
    }
    expect(conversation.connection.state).toBe('open')
  })

  test('does not count what every client does', () => {
    const conversation = new Conversation({ limits: { idleFrameBurst: 0 } })
    conversation.send(headersFrame(1, GET_BLOCK), dataFrame(1, 'abc'))
    conversation.send(dataFrame(1, '', { endStream: true }))
    conversation.send(rstStreamFrame(1))
    expect(conversation.connection.state).toBe('open')
  })
})

describe('maxContinuationFrames: 8 in a header block:', () => {
  const begun = headersFrame(1, GET_BLOCK, { endHeaders: false })
  const empty = continuationFrame(1, '', { endHeaders: false })

  test('the ninth is ENHANCE_YOUR_CALM, also if it is the last', () => {
    const eight = Array.from({ length: 8 }, () => empty)
    const conversation = new Conversation()
    expect(conversation.send(begun, ...eight)).toEqual([])
    expect(conversation.send(continuationFrame(1, ''))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'ENHANCE_YOUR_CALM' },
    ])
  })

  test('a flood of full ones ends as soon, and what it held is let go of', () => {
    const conversation = new Conversation()
    conversation.send(begun)
    const full = continuationFrame(1, new Uint8Array(16_384), { endHeaders: false })
    let sent = 0
    while (conversation.connection.state === 'open') {
      conversation.receive(full)
      sent++
    }
    expect(sent).toBe(9)
  })

  test('is an option', () => {
    const conversation = new Conversation({ limits: { maxContinuationFrames: 1 } })
    expect(conversation.send(begun, empty)).toEqual([])
    expect(conversation.send(empty)).toMatchObject([{ errorCode: 'ENHANCE_YOUR_CALM' }])
  })
})

describe('maxHeaderListSize and maxHeaderFields: the answer is 431,', () => {
  /** The tests of messages cover header lists. This covers the connection's reaction. */
  const large = (id: number) => request(id, [...GET, ['x-large', 'x'.repeat(1000)]])

  test('and the connection goes on', () => {
    const conversation = new Conversation({ limits: { maxHeaderListSize: 500 } })
    expect(conversation.send(large(1))).toMatchObject([
      { type: 'HEADERS', streamId: 1, flags: ['END_STREAM', 'END_HEADERS'] },
    ])
    conversation.send(getRequest(3))
    expect(conversation.exchanges).toHaveLength(1)
  })

  test('a body behind it is ignored', () => {
    const conversation = new Conversation({ limits: { maxHeaderFields: 3 } })
    conversation.send(headersFrame(1, GET_BLOCK))
    expect(conversation.send(dataFrame(1, 'abc', { endStream: true }))).toEqual([])
    expect(conversation.connection.state).toBe('open')
  })
})

describe('maxSettingsParameters: 32 in a SETTINGS frame:', () => {
  const parameters = (count: number) =>
    settingsFrame(Array.from({ length: count }, () => [0xfefe, 1] as const))

  test('the 33rd is ENHANCE_YOUR_CALM', () => {
    const conversation = new Conversation()
    expect(conversation.send(parameters(32))).toMatchObject([{ type: 'SETTINGS', flags: ['ACK'] }])
    expect(conversation.send(parameters(33))).toMatchObject([{ errorCode: 'ENHANCE_YOUR_CALM' }])
  })
})

describe('maxWaitingAcknowledgements: 1000 answers to PING and SETTINGS that a client does not read:', () => {
  test.each([
    ['PING', pingFrame()],
    ['SETTINGS', settingsFrame()],
  ])('%s', (_, frame) => {
    const conversation = new Conversation()
    for (let count = 0; count < 1000; count++) conversation.receive(frame)
    expect(conversation.connection.state).toBe('open')
    conversation.receive(frame)
    expect(conversation.connection.error?.code).toBe('ENHANCE_YOUR_CALM')
    expect(conversation.take()).toHaveLength(1002)
  })

  test('one that reads them may send more', () => {
    const conversation = new Conversation()
    for (let count = 0; count < 5000; count++) {
      expect(conversation.send(pingFrame())).toHaveLength(1)
    }
  })
})

describe('maxWaitingOutput: 1 MiB that a client does not read:', () => {
  const limits = { maxWaitingOutput: 1000 }

  test('no further request reaches the application until the output was taken', () => {
    let requests = 0
    const conversation = new Conversation({
      app: (_, response) => {
        requests++
        response.send(200, {}, 'x'.repeat(250))
      },
      limits,
    })
    const all = concatenate(...Array.from({ length: 100 }, (_, index) => getRequest(stream(index))))
    conversation.receive(all)
    expect(requests).toBeLessThanOrEqual(5)
    const before = requests
    expect(conversation.connection.takeOutput()?.length).toBeLessThan(1000 + 300)
    expect(requests).toBeGreaterThan(before)
    expect(requests).toBeLessThanOrEqual(10)
    expect(conversation.take().length).toBeGreaterThan(100)
    expect(requests).toBe(100)
  })

  test.each([0, 1, 100, 1000])(
    'with a bound of %i octets, no run is longer than that and one answer',
    (bound) => {
      const conversation = new Conversation({ app: AT_ONCE, limits: { maxWaitingOutput: bound } })
      const all = concatenate(
        ...Array.from({ length: 100 }, (_, index) => getRequest(stream(index))),
      )
      conversation.receive(all)
      let answers = 0
      const { connection } = conversation
      for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
        takeTurns(connection)
        expect(run.length).toBeLessThanOrEqual(bound + 100)
        answers += run.length
      }
      expect(answers).toBeGreaterThan(100 * 20)
    },
  )

  test('a response that is complete waits outside of the output as far as it is long', () => {
    const conversation = new Conversation({
      app: (_, response) => response.send(200, {}, new Uint8Array(10_000_000)),
      settings: { INITIAL_WINDOW_SIZE: 2 ** 31 - 1 },
    })
    conversation.receive(windowUpdateFrame(0, 2 ** 30))
    conversation.receive(getRequest(1))
    expect(conversation.connection.takeOutput()?.length).toBeLessThanOrEqual(262_144)
  })

  test('input that comes nevertheless is kept, and processed in its order', () => {
    const conversation = new Conversation({ app: AT_ONCE, limits: { maxWaitingOutput: 50 } })
    for (let index = 0; index < 50; index++) {
      conversation.receive(getRequest(stream(index)))
    }
    const ids = conversation
      .take()
      .flatMap(({ type, streamId }) => (type === 'HEADERS' ? [streamId] : []))
    expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => stream(index)))
  })
})

describe('streamWindowSize: octets of a body that wait for the application', () => {
  test('do not cost much more memory if they come one by one', () => {
    const conversation = new Conversation()
    const before = heapUsed()
    const ids = [1, 3, 5, 7]
    conversation.send(...ids.map((id) => headersFrame(id, GET_BLOCK)))
    for (const id of ids) {
      const octet = dataFrame(id, 'a')
      const thousand = concatenate(...Array.from({ length: 1000 }, () => octet))
      for (let count = 0; count < 260; count++) conversation.send(thousand)
    }
    expect(conversation.connection.state).toBe('open')
    expect(heapUsed() - before).toBeLessThan(20 * 1_048_576)
    // They are still open.
    expect(conversation.exchanges).toHaveLength(4)
  })
})

/** Bytes in use, without garbage. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

describe('maxConcurrentStreams: handlers that a client has running', () => {
  /** A handler that runs until the test ends it. */
  function slowHandlers() {
    const ends: (() => void)[] = []
    const conversation = new Conversation({
      app: () => new Promise<void>((resolve) => ends.push(resolve)),
      limits: { maxConcurrentStreams: 10 },
    })
    return { conversation, ends }
  }

  test('count also when the client has reset their streams', async () => {
    const { conversation, ends } = slowHandlers()
    for (let index = 0; index < 30; index++) {
      conversation.send(getRequest(stream(index)), rstStreamFrame(stream(index)))
    }
    expect(ends).toHaveLength(10)
    for (const end of ends) end()
    await Promise.resolve()
    await Promise.resolve()
    for (let index = 30; index < 40; index++) conversation.send(getRequest(stream(index)))
    expect(ends).toHaveLength(20)
    expect(conversation.send(getRequest(stream(40)))).toMatchObject([
      { type: 'RST_STREAM', errorCode: 'REFUSED_STREAM' },
    ])
  })

  test('count once while their streams are open', () => {
    const { conversation, ends } = slowHandlers()
    for (let index = 0; index < 10; index++) conversation.send(getRequest(stream(index)))
    expect(ends).toHaveLength(10)
  })

  test('get no part of a body that is not complete when its stream is reset', async () => {
    const reading = new Conversation()
    reading.send(headersFrame(1, GET_BLOCK), dataFrame(1, 'abc'))
    reading.send(rstStreamFrame(1))
    await expect(reading.last.request.body.text()).rejects.toMatchObject({ code: 'CLIENT_GONE' })
  })
})
