import { describe, expect, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { CLIENT_PREFACE } from '../../src/frames'
import { MiniConnection } from '../../src/protocol'
import { takeAll } from '../support/exchange'
import { HELLO } from '../support/mini'
import { parseFrames } from '../support/parse-frames'
import { CLIENT_OPENING, getRequest } from '../support/requests'

const LIMITS = { prefaceTimeout: 100, idleTimeout: 1000 }

describe('the client preface', () => {
  test('has to be complete at the first deadline, whatever has come of it', () => {
    const connection = new MiniConnection(HELLO, LIMITS, 5000)
    connection.tick(5090)
    connection.receive(CLIENT_PREFACE.subarray(0, 23))
    expect(connection.deadline).toBe(5100)
    connection.tick(5099)
    expect(connection.state).toBe('open')
    connection.tick(5100)
    expect(connection).toMatchObject({ state: 'closed', error: { code: 'PROTOCOL_ERROR' } })
    expect(connection.error?.message).toBe('The client preface did not arrive within 100 ms.')
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'SETTINGS' },
      { type: 'GOAWAY', errorCode: 'PROTOCOL_ERROR' },
    ])
  })
})

describe('an idle connection', () => {
  function opened(): MiniConnection {
    const connection = new MiniConnection(HELLO, LIMITS)
    connection.tick(50)
    connection.receive(CLIENT_OPENING)
    takeAll(connection)
    return connection
  }

  test('ends in good order at its deadline', () => {
    const connection = opened()
    expect(connection.deadline).toBe(1050)
    connection.tick(1049)
    expect(connection.state).toBe('open')
    connection.tick(1050)
    expect(parseFrames(takeAll(connection))).toMatchObject([
      { type: 'GOAWAY', errorCode: 'NO_ERROR' },
    ])
    expect(connection).toMatchObject({ state: 'closed', error: undefined })
  })

  test('has a later deadline with each octet that arrives', () => {
    const connection = opened()
    connection.tick(700)
    connection.receive(getRequest(1).subarray(0, 1))
    expect(connection.deadline).toBe(1700)
  })

  test('has no deadline any more once it is closed', () => {
    const connection = opened()
    connection.drain()
    takeAll(connection)
    expect(connection.deadline).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a client that asks for a long response', () => {
  const long = prebuildResponse({ body: new Uint8Array(500_000) })

  function asked(): MiniConnection {
    const connection = new MiniConnection(long, { ...LIMITS, maxWaitingOutput: 1 })
    connection.receive(CLIENT_OPENING)
    takeAll(connection)
    connection.receive(getRequest(1))
    return connection
  }

  test('may take as long as it wants, as long as it takes something in time', () => {
    const connection = asked()
    let now = 0
    for (let run = connection.takeOutput(); run !== undefined; run = connection.takeOutput()) {
      now += 999
      connection.tick(now)
      expect(connection.state).toBe('open')
    }
    expect(now).toBeGreaterThan(LIMITS.idleTimeout)
  })

  test('is given up if it takes nothing: first it is told to end, then it is ended', () => {
    const connection = asked()
    connection.takeOutput()
    connection.tick(1000)
    expect(connection.state).toBe('draining')
    expect(connection.deadline).toBe(2000)
    connection.tick(1999)
    expect(connection.state).toBe('draining')
    connection.tick(2000)
    expect(connection).toMatchObject({
      state: 'closed',
      error: { code: 'ENHANCE_YOUR_CALM' },
      deadline: Number.POSITIVE_INFINITY,
    })
  })
})
