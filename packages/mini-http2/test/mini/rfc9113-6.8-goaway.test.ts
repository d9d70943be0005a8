import { describe, expect, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { MiniConnection } from '../../src/protocol'
import { takeAll } from '../support/exchange'
import { goawayFrame } from '../support/frames'
import { HELLO, miniExchange, openedMini, responseOn } from '../support/mini'
import { parseFrames } from '../support/parse-frames'
import { CLIENT_OPENING, getRequest } from '../support/requests'

describe('GOAWAY from the client', () => {
  test('closes the connection in good order, after what was asked for before', () => {
    const outcome = miniExchange(CLIENT_OPENING, getRequest(1), goawayFrame())
    expect(outcome.frames.slice(2)).toMatchObject([
      { type: 'HEADERS', streamId: 1 },
      { type: 'DATA', streamId: 1, flags: ['END_STREAM'] },
      { type: 'GOAWAY', lastStreamId: 1, errorCode: 'NO_ERROR' },
    ])
    expect(outcome).toMatchObject({ state: 'closed', error: undefined })
  })

  test('ends what is answered', () => {
    const outcome = miniExchange(CLIENT_OPENING, goawayFrame(), getRequest(1))
    expect(outcome.frames.slice(2)).toMatchObject([{ type: 'GOAWAY', lastStreamId: 0 }])
  })
})

describe('drain', () => {
  test('sends GOAWAY with the highest stream that was answered, and closes', () => {
    const connection = openedMini()
    connection.receive(getRequest(5))
    connection.receive(getRequest(3))
    takeAll(connection)
    connection.drain()
    expect(parseFrames(connection.takeOutput())).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 5, errorCode: 'NO_ERROR' },
    ])
    expect(connection).toMatchObject({ state: 'closed', error: undefined })
  })

  test('once is enough: a second one, and input behind it, have no effect', () => {
    const connection = openedMini()
    connection.drain()
    connection.drain()
    connection.receive(getRequest(1))
    expect(parseFrames(takeAll(connection))).toHaveLength(1)
  })

  test('before the preface sends SETTINGS first, as section 3.4 wants it', () => {
    const connection = new MiniConnection(HELLO)
    connection.drain()
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'SETTINGS', flags: [] },
      { type: 'GOAWAY', errorCode: 'NO_ERROR' },
    ])
  })

  test('finishes a response that waits for room in the output', () => {
    const long = prebuildResponse({ body: new Uint8Array(300_000) })
    const connection = openedMini(long, { maxWaitingOutput: 100_000 })
    connection.receive(getRequest(1))
    connection.drain()
    expect(connection.state).toBe('draining')
    const frames = parseFrames(takeAll(connection))
    const data = frames.filter((frame) => frame.type === 'DATA')
    expect(data.reduce((sum, frame) => sum + frame.length, 0)).toBe(300_000)
    expect(data.at(-1)?.flags).toEqual(['END_STREAM'])
    expect(frames.filter(({ type }) => type === 'GOAWAY')).toMatchObject([{ lastStreamId: 1 }])
    expect(connection.state).toBe('closed')
  })

  test('leaves requests unanswered that it has not begun, which GOAWAY tells', () => {
    const connection = openedMini(undefined, { maxWaitingOutput: 1 })
    connection.receive(Uint8Array.from([...getRequest(1), ...getRequest(3)]))
    connection.drain()
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'HEADERS', streamId: 1 },
      { type: 'DATA', streamId: 1 },
      { type: 'GOAWAY', lastStreamId: 1 },
    ])
  })
})

describe('the end of input', () => {
  test('closes the connection in good order', () => {
    const connection = openedMini()
    connection.endInput()
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'NO_ERROR' },
    ])
    expect(connection.state).toBe('closed')
  })

  test('loses no request that waits for room in the output', () => {
    const connection = openedMini(undefined, { maxWaitingOutput: 1 })
    const ids = [1, 3, 5, 7]
    connection.receive(Uint8Array.from(ids.flatMap((id) => [...getRequest(id)])))
    connection.endInput()
    const output = takeAll(connection)
    const goaway = goawayFrame(7)
    expect(output.subarray(0, -goaway.length)).toEqual(
      Uint8Array.from(ids.flatMap((id) => [...responseOn(id)])),
    )
    expect(output.subarray(-goaway.length)).toEqual(goaway)
    expect(connection.state).toBe('closed')
  })
})

test('an abandoned connection is closed, has no output and takes no input', () => {
  const connection = openedMini(undefined, { maxWaitingOutput: 1 })
  connection.receive(Uint8Array.from([...getRequest(1), ...getRequest(3)]))
  connection.abandon()
  connection.receive(getRequest(5))
  expect(connection).toMatchObject({ state: 'closed', deadline: Number.POSITIVE_INFINITY })
  expect(connection.takeOutput()).toBeUndefined()
})
