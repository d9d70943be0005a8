import { concatenate, type OctetVector } from '@h2lab/octets'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Handler, ServerRequest, ServerResponse } from '../../src'
import { receiveIn } from '../support/exchange'
import {
  continuationFrame,
  dataFrame,
  goawayFrame,
  headersFrame,
  hex,
  pingFrame,
  priorityFrame,
  priorityUpdateFrame,
  pushPromiseFrame,
  rawFrame,
  rstStreamFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../support/frames'
import { AT_ONCE, Conversation, opening } from '../support/http2'
import { http2Connection } from '../support/http2-messages'
import { GET_BLOCK } from '../support/requests'
import { inPieces, pieceLengths } from '../support/split'

/** Few streams, so that frames share them; rarely others. */
const streamId = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 6 }).map((index) => 2 * index - 1) },
  { weight: 1, arbitrary: fc.constantFrom(0, 2, 2 ** 31 - 1) },
)
const someOctets = fc.uint8Array({ maxLength: 300 })
const increment = fc.constantFrom(0, 1, 100, 65_535, 2 ** 30, 2 ** 31 - 1)

/** `x-test: one` into the dynamic table, its newest entry, and invalid blocks. */
const block = fc.oneof(
  { weight: 8, arbitrary: fc.constant(GET_BLOCK) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('40 06 78 2d 74 65 73 74 03 6f 6e 65', 'be', '', '20', '82 82')
      .map((digits) => hex(digits)),
  },
  { weight: 1, arbitrary: fc.constant(concatenate(GET_BLOCK, hex('be'))) },
)

const headers = fc
  .record({
    streamId,
    block,
    endStream: fc.boolean(),
    endHeaders: fc.integer({ min: 0, max: 9 }).map((number) => number > 0),
    padding: fc.constantFrom(undefined, undefined, 0, 9),
    dependency: fc.constantFrom(undefined, undefined, 0, 3),
  })
  .map(({ streamId, block, endStream, endHeaders, padding, dependency }) =>
    headersFrame(streamId, block, {
      endStream,
      endHeaders,
      ...(padding === undefined ? {} : { padding }),
      ...(dependency === undefined ? {} : { priority: { streamDependency: dependency } }),
    }),
  )

/** Frames that don't change the send windows: small responses are sent completely. */
const frame: fc.Arbitrary<OctetVector> = fc.oneof(
  { weight: 8, arbitrary: headers },
  {
    weight: 5,
    arbitrary: fc
      .tuple(streamId, someOctets, fc.boolean())
      .map(([id, octets, endStream]) => dataFrame(id, octets, { endStream })),
  },
  { weight: 2, arbitrary: streamId.map((id) => rstStreamFrame(id)) },
  {
    weight: 2,
    arbitrary: fc.tuple(streamId, increment).map(([id, count]) => windowUpdateFrame(id, count)),
  },
  { weight: 2, arbitrary: fc.constantFrom(pingFrame(), pingFrame('draining', { ack: true })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(settingsFrame({ HEADER_TABLE_SIZE: 0 }), settingsAckFrame()),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(streamId, fc.integer({ min: 0, max: 6 }))
      .map(([id, on]) => priorityFrame(id, { streamDependency: on })),
  },
  { weight: 1, arbitrary: streamId.map((id) => priorityUpdateFrame(id, 'u=1')) },
  {
    weight: 1,
    arbitrary: fc.tuple(streamId, block).map(([id, octets]) => continuationFrame(id, octets)),
  },
  { weight: 1, arbitrary: fc.constantFrom(goawayFrame(), goawayFrame(1, 'CANCEL', 'debug')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(255), fc.nat(255), streamId, someOctets)
      // Except SETTINGS, which could close windows.
      .map(([type, flags, id, octets]) => rawFrame(type === 4 ? 0xbb : type, flags, id, octets)),
  },
)

/** Requests on ascending streams, so that conversations make progress. */
const requests: fc.Arbitrary<OctetVector> = fc
  .array(fc.boolean(), { maxLength: 6 })
  .map((ends) =>
    concatenate(
      ...ends.map((endStream, index) => headersFrame(2 * index + 1, GET_BLOCK, { endStream })),
    ),
  )

const apps: fc.Arbitrary<Handler> = fc.constantFrom<Handler>(
  AT_ONCE,
  () => {},
  (_, response) => response.reset(),
  (_, response) => {
    response.writeHead(200)
    response.write('abc')
  },
  (_, response) => {
    response.writeHead(204)
    response.end()
  },
  () => {
    throw new Error('as the test wants it')
  },
)

/** Small limits, so that they are reached. */
const limits = fc.record({
  maxWaitingOutput: fc.constantFrom(0, 60, 1000, 1_000_000),
  maxConcurrentStreams: fc.constantFrom(1, 2, 128),
  resetBurst: fc.constantFrom(0, 2, 1000),
  idleFrameBurst: fc.constantFrom(0, 3, 1000),
  streamWindowSize: fc.constantFrom(200, 1000, 262_144),
  connectionWindowSize: fc.constantFrom(1000, 1_000_000),
})

test('the output does not depend on how the input is split, be it right or wrong', () => {
  const conversations = fc.record({
    app: apps,
    limits,
    requests,
    frames: fc.array(frame, { maxLength: 30 }),
    lengths: pieceLengths,
  })
  fc.assert(
    fc.property(conversations, ({ app, limits, requests, frames, lengths }) => {
      // While handlers wait for output to be taken, a fault after their requests may be processed
      // first.
      const make = () =>
        http2Connection(app, { limits: { ...limits, maxWaitingOutput: 1_000_000 } })
      const input = concatenate(opening(), requests, ...frames)
      const whole = receiveIn(make(), [input])
      const split = receiveIn(make(), inPieces(input, lengths))
      expect(split.frames).toEqual(whole.frames)
      expect(split.state).toBe(whole.state)
      expect(split.error?.code).toBe(whole.error?.code)
    }),
    { numRuns: 1000 },
  )
})

/** An application that responds in one of several ways. */
class Application {
  readonly exchanges: { request: ServerRequest; response: ServerResponse }[] = []
  readonly #size: number

  constructor(size: number) {
    this.#size = size
  }

  readonly handler: Handler = (request, response) => {
    this.exchanges.push({ request, response })
    const body = new Uint8Array(this.#size)
    switch (this.exchanges.length % 4) {
      case 0:
        response.send(200, { 'x-count': this.exchanges.length }, body)
        break
      case 1:
        response.writeHead(200)
        response.write(body)
        response.end(body, { 'x-trailer': 'one' })
        break
      case 2:
        return this.#answerLate(request, response)
      default:
        response.writeHead(200)
        response.write(body)
    }
    return undefined
  }

  async #answerLate(request: ServerRequest, response: ServerResponse): Promise<void> {
    await request.body.octets()
    response.send(200, {}, new Uint8Array(this.#size))
  }

  /** The number of requests that are neither answered nor cancelled. */
  get open(): number {
    return this.exchanges.filter(({ response }) => !response.ended).length
  }
}

/** An action of a connection's owner. */
type Step =
  | { readonly kind: 'receive'; readonly octets: OctetVector }
  | { readonly kind: 'take' }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'drain' | 'endInput' | 'later' }

const anyFrame = fc.oneof(
  { weight: 8, arbitrary: frame },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(0, 1, 100, 65_535, 1_000_000, 2 ** 31 - 1)
      .map((size) => settingsFrame({ INITIAL_WINDOW_SIZE: size })),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.nat(10), fc.nat(70_000)), { maxLength: 40 })
      .map((pairs) => settingsFrame(pairs)),
  },
  { weight: 1, arbitrary: fc.constant(pushPromiseFrame(1, 2, GET_BLOCK)) },
)

/** Complete frames in which octets are changed, removed or duplicated; or any octets. */
const input: fc.Arbitrary<OctetVector> = fc.oneof(
  { weight: 6, arbitrary: anyFrame },
  { weight: 2, arbitrary: fc.tuple(anyFrame, fc.nat(), fc.nat(255)).map(changed) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(anyFrame, fc.nat())
      .map(([octets, at]) => octets.subarray(at % octets.length)),
  },
  { weight: 1, arbitrary: anyFrame.map((octets) => concatenate(octets, octets)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
)

function changed([octets, at, value]: [OctetVector, number, number]): OctetVector {
  const copy = octets.slice()
  copy[at % copy.length] = value
  return copy
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: input.map((octets): Step => ({ kind: 'receive', octets })) },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'take' }) },
  {
    weight: 2,
    arbitrary: fc.nat(20_000).map((milliseconds): Step => ({ kind: 'wait', milliseconds })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'later' }) },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'drain' }, { kind: 'endInput' }) },
)

describe('whatever a client sends, and whenever its output is taken,', () => {
  const conversations = fc.record({
    limits,
    size: fc.constantFrom(0, 10, 20_000, 200_000),
    requests,
    steps: fc.array(step, { maxLength: 60 }),
  })

  test('nothing is thrown, what is held is within the limits, and at the end no stream is left', async () => {
    await fc.assert(
      fc.asyncProperty(conversations, async ({ limits, size, requests, steps }) => {
        const application = new Application(size)
        const connection = http2Connection(application.handler, { limits })
        // The head of each response and one run of bodies may exceed the limit.
        const longest = limits.maxWaitingOutput + 65_536 + 262_144
        const take = () => {
          let runs = 0
          for (
            let run = connection.takeOutput();
            run !== undefined;
            run = connection.takeOutput()
          ) {
            expect(run.length).toBeLessThanOrEqual(longest)
            expect(++runs).toBeLessThan(10_000)
          }
        }
        let now = 0
        connection.receive(concatenate(opening(), requests))
        for (const step of steps) {
          switch (step.kind) {
            case 'receive':
              connection.receive(step.octets)
              break
            case 'take':
              take()
              break
            case 'wait':
              now += step.milliseconds
              connection.tick(now)
              break
            case 'later':
              await new Promise(setImmediate)
              break
            default:
              connection[step.kind]()
          }
          expect(application.open).toBeLessThanOrEqual(limits.maxConcurrentStreams)
          if (connection.error !== undefined) expect(connection.state).toBe('closed')
          if (connection.state === 'closed') {
            expect(application.open).toBe(0)
            expect(connection.deadline).toBe(Number.POSITIVE_INFINITY)
          } else {
            expect(connection.deadline).toBeGreaterThan(now)
          }
        }
        take()
        connection.abandon()
        expect(connection.takeOutput()).toBeUndefined()
        expect(application.open).toBe(0)
        await new Promise(setImmediate)
        expect(connection.takeOutput()).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  test('nor by octets instead of a preface', () => {
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.nat(80), fc.uint8Array({ maxLength: 200 }))
        .map(([length, rest]) => concatenate(opening().subarray(0, length), rest)),
    )
    fc.assert(
      fc.property(octets, pieceLengths, (input, lengths) => {
        // Calls parseFrames, which checks that the output consists of complete frames.
        const whole = receiveIn(http2Connection(AT_ONCE), [input])
        const split = receiveIn(http2Connection(AT_ONCE), inPieces(input, lengths))
        expect(split.frames).toEqual(whole.frames)
        if (whole.error !== undefined) expect(whole.state).toBe('closed')
      }),
      { numRuns: 1000 },
    )
  })
})

describe('whatever windows a client opens,', () => {
  /** An action of an honest client. */
  type Action =
    | { readonly kind: 'request'; readonly size: number; readonly urgency: number }
    | { readonly kind: 'open connection'; readonly count: number }
    | { readonly kind: 'open stream'; readonly index: number; readonly count: number }
    | { readonly kind: 'settings'; readonly size: number }

  const size = fc.oneof(fc.nat(100), fc.nat(100_000))
  const action: fc.Arbitrary<Action> = fc.oneof(
    fc.record({ kind: fc.constant('request' as const), size, urgency: fc.nat(7) }),
    fc.record({
      kind: fc.constant('open connection' as const),
      count: fc.integer({ min: 1, max: 100_000 }),
    }),
    fc.record({
      kind: fc.constant('open stream' as const),
      index: fc.nat(20),
      count: fc.integer({ min: 1, max: 100_000 }),
    }),
    fc.record({ kind: fc.constant('settings' as const), size }),
  )

  test('none is exceeded, none is left unused, and every response arrives whole', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const conversation = new Conversation()
        const streams: { id: number; window: number; size: number; received: number }[] = []
        let connectionWindow = 65_535
        let initialWindow = 65_535

        const receive = (frames: ReturnType<Conversation['take']>) => {
          for (const frame of frames) {
            if (frame.type !== 'DATA') continue
            const stream = streams[(frame.streamId - 1) / 2] as (typeof streams)[number]
            if (frame.length > 0) {
              expect(frame.length).toBeLessThanOrEqual(Math.min(stream.window, connectionWindow))
            }
            stream.window -= frame.length
            connectionWindow -= frame.length
            stream.received += frame.length
            expect(frame.flags.includes('END_STREAM')).toBe(stream.received === stream.size)
          }
          // Nothing that may be sent is waiting.
          for (const { window, size, received } of streams) {
            if (received < size) expect(Math.min(window, connectionWindow)).toBeLessThanOrEqual(0)
          }
        }

        const act = (action: Action) => {
          switch (action.kind) {
            case 'request': {
              const id = 2 * streams.length + 1
              streams.push({ id, window: initialWindow, size: action.size, received: 0 })
              conversation.send(
                priorityUpdateFrame(id, `u=${action.urgency}`),
                headersFrame(id, GET_BLOCK, { endStream: true }),
              )
              conversation.last.response.send(200, {}, new Uint8Array(action.size))
              receive(conversation.take())
              break
            }
            case 'open connection':
              connectionWindow += action.count
              receive(conversation.send(windowUpdateFrame(0, action.count)))
              break
            case 'open stream': {
              const stream = streams[action.index % Math.max(streams.length, 1)]
              if (stream === undefined) break
              stream.window += action.count
              receive(conversation.send(windowUpdateFrame(stream.id, action.count)))
              break
            }
            case 'settings':
              for (const stream of streams) stream.window += action.size - initialWindow
              initialWindow = action.size
              receive(conversation.send(settingsFrame({ INITIAL_WINDOW_SIZE: action.size })))
          }
        }

        for (const action of actions) act(action)
        act({ kind: 'open connection', count: 2 ** 30 })
        act({ kind: 'settings', size: 2 ** 30 })
        for (const { size, received } of streams) expect(received).toBe(size)
        expect(conversation.connection.state).toBe('open')
      }),
      { numRuns: 300 },
    )
  })
})
