import { OutputBuffer } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { ConnectionError } from '../../src'
import { GoingAway } from '../../src/http2/going-away'
import { Waits } from '../../src/http2/limits/waits'
import { StreamTable } from '../../src/http2/streams/stream-table'
import { unboundedMemory } from '../support/memory'
import { parseFrames } from '../support/parse-frames'

/*
 * The shutdown of a connection in isolation: RFC 9113 section 6.8.
 */

/** A connection on which streams up to this one were used. */
function begun(lastId: number) {
  const output = new OutputBuffer()
  const streams = new StreamTable(unboundedMemory())
  if (lastId > 0) streams.use(lastId)
  const waits = new Waits()
  waits.takeChange()
  const goingAway = new GoingAway(output, streams, waits)
  const sent = () => {
    const octets = output.take()
    return octets === undefined ? [] : parseFrames(octets)
  }
  return { goingAway, streams, waits, sent }
}

test('at first there is none', () => {
  const { goingAway, waits, sent } = begun(5)
  expect(goingAway).toMatchObject({ state: 'open', isClosed: false, isFinal: false })
  expect(goingAway.announcedSince).toBe(Number.POSITIVE_INFINITY)
  expect(goingAway.excludes(7)).toBe(false)
  expect(waits.takeChange()).toBe(false)
  expect(sent()).toEqual([])
})

describe('the first GOAWAY', () => {
  test('excludes no stream, and asks by a PING whether it was seen', () => {
    const { goingAway, waits, sent } = begun(5)
    goingAway.announce(1234)
    expect(sent()).toMatchObject([
      { type: 'GOAWAY', lastStreamId: 2 ** 31 - 1, errorCode: 'NO_ERROR' },
      { type: 'PING' },
    ])
    expect(goingAway).toMatchObject({ state: 'draining', announcedSince: 1234, isFinal: false })
    expect(goingAway.excludes(7)).toBe(false)
    expect(waits.takeChange()).toBe(true)
  })

  test('is sent once, and not behind another', () => {
    const { goingAway, sent } = begun(5)
    goingAway.announce(1)
    sent()
    goingAway.announce(2)
    goingAway.nameLastStream()
    sent()
    goingAway.announce(3)
    expect(sent()).toEqual([])
    expect(goingAway.isFinal).toBe(true)
  })
})

describe('the second GOAWAY', () => {
  test('names the last stream, and later ones are excluded', () => {
    const { goingAway, streams, sent } = begun(5)
    goingAway.announce(1)
    streams.use(9)
    sent()
    goingAway.nameLastStream()
    expect(sent()).toMatchObject([{ type: 'GOAWAY', lastStreamId: 9, errorCode: 'NO_ERROR' }])
    expect(goingAway).toMatchObject({ state: 'draining', isFinal: true })
    expect(goingAway.announcedSince).toBe(Number.POSITIVE_INFINITY)
    expect([goingAway.excludes(9), goingAway.excludes(11)]).toEqual([false, true])
  })

  test('is sent once, also without the first', () => {
    const { goingAway, sent } = begun(5)
    goingAway.nameLastStream()
    goingAway.nameLastStream()
    expect(sent()).toHaveLength(1)
  })
})

describe('the end', () => {
  test('is told by GOAWAY with its reason', () => {
    const { goingAway, sent } = begun(5)
    const error = new ConnectionError('PROTOCOL_ERROR', 'as the test wants it')
    goingAway.close(error)
    expect(sent()).toMatchObject([{ lastStreamId: 5, errorCode: 'PROTOCOL_ERROR' }])
    expect(goingAway).toMatchObject({ state: 'closed', isClosed: true, error })
  })

  test('names no later stream than a GOAWAY before', () => {
    const { goingAway, streams, sent } = begun(5)
    goingAway.nameLastStream()
    streams.use(11)
    sent()
    goingAway.close()
    expect(sent()).toMatchObject([{ lastStreamId: 5 }])
  })

  test('comes once, and nothing comes after it', () => {
    const { goingAway, sent } = begun(5)
    goingAway.end()
    goingAway.close()
    goingAway.nameLastStream()
    goingAway.announce(1)
    expect(sent()).toEqual([])
    expect(goingAway).toMatchObject({ state: 'closed', error: undefined })
  })

  test('keeps the reason of the first', () => {
    const { goingAway } = begun(5)
    const error = new ConnectionError('PROTOCOL_ERROR', 'as the test wants it')
    goingAway.close(error)
    goingAway.end()
    expect(goingAway.error).toBe(error)
  })
})
