import { describe, expect, test } from 'vitest'
import { type RequestSide, type ResponseSide, Stream } from '../../src/http2/streams/stream'
import { type StreamEvent, TRANSITIONS } from '../../src/http2/streams/stream-state'
import { StreamTable } from '../../src/http2/streams/stream-table'
import { unboundedMemory } from '../support/memory'

/*
 * The state of a stream changes only through the events of the table.
 */

const opened = (endStream = false) => new Stream(1, endStream, 100, 100, 3)

test('the state can not be assigned', () => {
  const stream = opened()
  expect(Object.getOwnPropertyDescriptor(Stream.prototype, 'state')?.set).toBeUndefined()
  expect(Object.keys(stream)).not.toContain('state')
  expect(() => Object.assign(stream, { state: 'closed' })).toThrow(TypeError)
  expect(stream.state).toBe('open')
})

test('a stream is open, or half-closed if its request has ended', () => {
  expect(opened(false).state).toBe('open')
  expect(opened(true).state).toBe('half-closed (remote)')
})

describe.each(['open', 'half-closed (local)', 'half-closed (remote)', 'closed', 'reset'] as const)(
  'in state %s',
  (state) => {
    /** A stream in this state. */
    function streamIn(): Stream {
      const stream = opened(state === 'half-closed (remote)')
      if (state === 'half-closed (local)') stream.apply('send END_STREAM')
      if (state === 'closed') stream.apply('receive RST_STREAM')
      if (state === 'reset') stream.apply('send RST_STREAM')
      expect(stream.state).toBe(state)
      return stream
    }

    test.each(Object.keys(TRANSITIONS[state]) as StreamEvent[])(
      '%s does what the table says',
      (event) => {
        const stream = streamIn()
        const change = TRANSITIONS[state][event]
        expect(stream.allows(event)).toBe(change.kind === 'next')
        expect(stream.apply(event)).toEqual(change)
        expect(stream.state).toBe(change.kind === 'next' ? change.state : state)
      },
    )

    test('is told whether it is over, and whether DATA may come', () => {
      const stream = streamIn()
      expect(stream.isOver).toBe(state === 'closed' || state === 'reset')
      expect(stream.mayReceiveData).toBe(state === 'open' || state === 'half-closed (local)')
      expect(stream.endedEarly).toBe(state === 'half-closed (local)')
    })
  },
)

test('a tunnel whose response has ended is none that has ended early', () => {
  const stream = opened()
  stream.openTunnel()
  stream.apply('send END_STREAM')
  expect(stream).toMatchObject({ state: 'half-closed (local)', isTunnel: true, endedEarly: false })
})

test('the response is told first that nobody waits, since listeners to the request may still answer', () => {
  const told: string[] = []
  const stream = opened()
  stream.connect(
    { abandon: () => told.push('request') } as unknown as RequestSide,
    { abandon: () => told.push('response') } as unknown as ResponseSide,
  )
  stream.abandon()
  expect(told).toEqual(['response', 'request'])
})

describe('the table of streams', () => {
  test('has those that wait for room in their order, but none that has ended', () => {
    const table = new StreamTable(unboundedMemory())
    const called: number[] = []
    const streams = [1, 3, 5].map((id) => new Stream(id, true, 100, 100, 3))
    const request = { memory: 100 } as RequestSide
    for (const stream of streams) {
      stream.connect(request, {} as ResponseSide)
      table.addWaiting(stream)
    }
    expect([table.size, table.hasWaiting]).toEqual([3, true])
    streams[1]!.apply('receive RST_STREAM')
    table.remove(streams[1]!)
    for (let next = table.nextWaiting(); next !== undefined; next = table.nextWaiting()) {
      called.push(next.id)
    }
    expect(called).toEqual([1, 5])
    expect([table.size, table.hasWaiting]).toEqual([2, false])
    expect(new StreamTable(unboundedMemory()).nextWaiting()).toBeUndefined()
  })

  test('remembers urgencies of streams to come, as many as it is told', () => {
    const table = new StreamTable(unboundedMemory())
    table.setEarlyUrgency(1, 1, 2)
    table.setEarlyUrgency(3, 2, 2)
    table.setEarlyUrgency(5, 3, 2)
    table.setEarlyUrgency(3, 4, 2)
    expect([1, 3, 5, 3].map((id) => table.takeEarlyUrgency(id))).toEqual([
      1,
      4,
      undefined,
      undefined,
    ])
  })

  test('makes room for urgencies by forgetting those of streams that were left out', () => {
    const table = new StreamTable(unboundedMemory())
    table.setEarlyUrgency(1, 1, 1)
    table.use(3)
    table.setEarlyUrgency(5, 2, 1)
    expect([table.takeEarlyUrgency(1), table.takeEarlyUrgency(5)]).toEqual([undefined, 2])
  })
})
