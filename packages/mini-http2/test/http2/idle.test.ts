import { describe, expect, test } from 'vitest'
import { prebuildResponse } from '../../src'
import { connectionFactory } from '../../src/protocol'
import { isDeparture } from '../../src/server/lost-client'
import { takeAll } from '../support/exchange'
import { continuationFrame, dataFrame, headersFrame, pingFrame } from '../support/frames'
import { nextRequest, ONLY_NEXT, opening } from '../support/http2'
import { GET, http2Connection, POST, request } from '../support/http2-messages'
import { GET_BLOCK } from '../support/requests'

/** A connection after the preface was exchanged. */
function opened() {
  const connection = http2Connection(ONLY_NEXT)
  connection.receive(opening())
  takeAll(connection)
  return connection
}

describe('a connection is idle', () => {
  test('if nobody waits for anything', () => {
    const connection = opened()
    expect(connection.idle).toBe(true)
    connection.receive(nextRequest(1))
    takeAll(connection)
    expect(connection.idle).toBe(true)
  })

  test('if only the rest of a request that was answered is still to come', () => {
    const connection = opened()
    const fields = POST.map(([name, value]): [string, string] => [
      name,
      name === ':path' ? '/next' : value,
    ])
    connection.receive(request(1, fields, { open: true }))
    takeAll(connection)
    expect(connection.idle).toBe(true)
    connection.receive(dataFrame(1, 'rest', { endStream: true }))
    expect(connection.idle).toBe(true)
  })

  test('but not while output waits', () => {
    const connection = opened()
    connection.receive(nextRequest(1))
    expect(connection.idle).toBe(false)
  })

  test('nor while a request waits for its response', () => {
    const connection = opened()
    connection.receive(request(1, GET))
    takeAll(connection)
    expect(connection.idle).toBe(false)
  })

  test('if it has ended in the middle of a header block', () => {
    const connection = opened()
    connection.receive(headersFrame(1, GET_BLOCK, { endHeaders: false, endStream: true }))
    expect(connection.idle).toBe(false)
    connection.receive(pingFrame())
    expect(connection.error?.code).toBe('PROTOCOL_ERROR')
    takeAll(connection)
    expect(connection.idle).toBe(true)
    const lost = opened()
    lost.receive(headersFrame(1, GET_BLOCK, { endHeaders: false, endStream: true }))
    lost.abandon()
    expect(lost.idle).toBe(true)
  })

  test('nor in the middle of a header block', () => {
    const connection = opened()
    connection.receive(headersFrame(1, GET_BLOCK, { endHeaders: false, endStream: true }))
    expect(connection.idle).toBe(false)
    connection.receive(continuationFrame(1, ''))
    takeAll(connection)
    expect(connection.idle).toBe(false)
  })
})

describe('a client that has gone is no fault', () => {
  const gone = { code: 'ECONNRESET' }

  test.each([
    [true, 'by a reset of an idle connection', gone, { idle: true }],
    [true, 'while something was written to it', { code: 'EPIPE' }, { idle: true }],
    [false, 'unless it has something to wait for', gone, { idle: false }],
    [false, 'unless it goes before its handshake is done', gone, undefined],
    [false, 'unless it is another error', { code: 'ETIMEDOUT' }, { idle: true }],
    [false, 'unless nothing is said of it', null, { idle: true }],
  ])('is %s: %s', (expected, _, error, connection) => {
    expect(isDeparture(error, connection)).toBe(expected)
  })
})

test('the protocol mini answers with a prebuilt response only', () => {
  expect(() => connectionFactory('mini', ONLY_NEXT)).toThrow(
    'mini only supports a prebuilt response.',
  )
  const connection = connectionFactory('mini', prebuildResponse({ body: 'abc' }))(0)
  expect(connection.idle).toBe(true)
  expect(connection.holdsInput).toBe(false)
})
