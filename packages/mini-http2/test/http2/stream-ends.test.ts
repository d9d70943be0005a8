import { describe, expect, test } from 'vitest'
import { ConnectionCore } from '../../src/http2/connection-core'
import { toHttp2Options } from '../../src/http2/options'
import {
  closeIfDone,
  endReceiving,
  endSending,
  failStream,
  refuseStream,
  resetStream,
} from '../../src/http2/stream-ends'
import { type RequestSide, type ResponseSide, Stream } from '../../src/http2/streams/stream'
import { parseFrames } from '../support/parse-frames'

/*
 * The ends of streams in isolation: each one happens once.
 */

/** A connection with an open stream, and the calls to its request and response. */
function withStream(endStream = false) {
  const core = new ConnectionCore(toHttp2Options({ app: () => {} }), 0, {})
  const stream = new Stream(1, endStream, 65_535, core.limits.streamWindowSize, 3)
  const told: string[] = []
  stream.connect(
    {
      giveUpBody: () => told.push('body given up'),
      abandon: () => told.push('abandoned'),
    } as unknown as RequestSide,
    { abandon: () => {} } as unknown as ResponseSide,
  )
  core.streams.use(1)
  core.streams.add(stream)
  const sent = () => {
    const octets = core.output.take()
    return octets === undefined ? [] : parseFrames(octets)
  }
  return { core, stream, told, sent }
}

test('a stream that has ended is neither ended nor reset again', () => {
  const { core, stream, told, sent } = withStream(true)
  endSending(core, stream)
  expect([stream.state, core.streams.size]).toEqual(['closed', 0])
  endSending(core, stream)
  expect(endReceiving(core, stream, 'receive DATA, END_STREAM')).toBe(false)
  resetStream(core, stream, 'CANCEL')
  failStream(core, stream, 'PROTOCOL_ERROR')
  core.streams.drop(stream, 'receive RST_STREAM')
  expect(sent()).toEqual([])
  expect(told).toEqual([])
})

test('a reset is sent once, and what is on its way is expected', () => {
  const { core, stream, sent } = withStream()
  resetStream(core, stream, 'CANCEL')
  resetStream(core, stream, 'CANCEL')
  expect(sent()).toMatchObject([{ type: 'RST_STREAM', streamId: 1, errorCode: 'CANCEL' }])
  expect(core.streams.stateOf(1)).toBe('reset')
  expect(core.abuse.countLateData(1000)).toBeUndefined()
})

test('a fault of the client is told to the request before the client', () => {
  const { core, stream, told, sent } = withStream()
  failStream(core, stream, 'PROTOCOL_ERROR')
  expect(told).toEqual(['abandoned'])
  expect(sent()).toMatchObject([{ type: 'RST_STREAM', errorCode: 'PROTOCOL_ERROR' }])
})

test('a refused stream was reset', () => {
  const { core, sent } = withStream()
  core.streams.use(3)
  refuseStream(core, 3, 100, 'REFUSED_STREAM')
  expect(sent()).toMatchObject([{ streamId: 3, errorCode: 'REFUSED_STREAM' }])
  expect(core.streams.stateOf(3)).toBe('reset')
})

describe('a connection whose last stream is named is over', () => {
  test('when all streams are', () => {
    const { core, stream } = withStream(true)
    closeIfDone(core)
    core.goingAway.nameLastStream()
    closeIfDone(core)
    expect(core.goingAway.state).toBe('draining')
    endSending(core, stream)
    closeIfDone(core)
    expect(core.goingAway.state).toBe('closed')
  })

  test('also if only the rest of a request is to come, which is stopped', () => {
    const { core, stream, told, sent } = withStream()
    core.goingAway.nameLastStream()
    endSending(core, stream)
    expect(told).toEqual(['body given up'])
    closeIfDone(core)
    expect(core.goingAway.state).toBe('closed')
    expect(sent().at(-1)).toMatchObject({ type: 'RST_STREAM', errorCode: 'NO_ERROR' })
  })
})
