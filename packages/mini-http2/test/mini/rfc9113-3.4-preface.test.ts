import { concatenate, octetize } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { ClientPrefaceMismatchError } from '../../src'
import { CLIENT_PREFACE } from '../../src/frames'
import { MiniConnection } from '../../src/protocol'
import { settingsFrame } from '../support/frames'
import { HELLO, miniExchange } from '../support/mini'
import { getRequest } from '../support/requests'

const SERVER_PREFACE = { type: 'SETTINGS', flags: [], streamId: 0, settings: {} }

test('nothing is sent before the client preface is complete', () => {
  const outcome = miniExchange(CLIENT_PREFACE.subarray(0, 23))
  expect(outcome).toMatchObject({ frames: [], state: 'open' })
})

test('the client preface is answered with the server preface, a SETTINGS frame', () => {
  const outcome = miniExchange(CLIENT_PREFACE)
  expect(outcome.frames).toMatchObject([SERVER_PREFACE])
  expect(outcome.state).toBe('open')
})

test('a client may send requests right behind its preface', () => {
  const outcome = miniExchange(CLIENT_PREFACE, settingsFrame(), getRequest(1))
  expect(outcome.frames).toMatchObject([
    SERVER_PREFACE,
    { type: 'SETTINGS', flags: ['ACK'] },
    { type: 'HEADERS', streamId: 1 },
    { type: 'DATA', streamId: 1 },
  ])
})

describe('a wrong preface', () => {
  const requests: readonly (readonly [string, string])[] = [
    ['of HTTP/1.1', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['of TLS, sent to a plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['that is wrong in its last octet', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\r'],
  ]

  test.each(requests)('%s ends the connection with PROTOCOL_ERROR', (_, text) => {
    const outcome = miniExchange(octetize(text, 'latin1'))
    expect(outcome.frames).toMatchObject([
      SERVER_PREFACE,
      { type: 'GOAWAY', lastStreamId: 0, errorCode: 'PROTOCOL_ERROR' },
    ])
    expect(outcome.state).toBe('closed')
  })

  test('is a ClientPrefaceMismatchError with the octets received, also of earlier pieces', () => {
    const connection = new MiniConnection(HELLO)
    connection.receive(octetize('PRI *'))
    connection.receive(octetize(' HTTP/1.1\r\n'))
    expect(connection.error).toBeInstanceOf(ClientPrefaceMismatchError)
    expect(connection.error).toMatchObject({
      code: 'CLIENT_PREFACE_MISMATCH',
      octets: octetize('PRI * HTTP/1.1\r\n'),
    })
  })

  test('is noticed at its first wrong octet, without waiting for 24', () => {
    expect(miniExchange(octetize('X')).state).toBe('closed')
  })

  test('ends what is received: all that follows is ignored', () => {
    const outcome = miniExchange(
      concatenate(octetize('X'), CLIENT_PREFACE, settingsFrame(), getRequest(1)),
    )
    expect(outcome.frames).toHaveLength(2)
  })
})
