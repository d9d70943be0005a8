import { describe, expect, test } from 'vitest'
import type { FieldList, Handler } from '../../src'
import { dataFrame } from '../support/frames'
import {
  expectMalformed,
  expectMalformedHead,
  GET,
  headOf,
  http2Exchange,
  request,
} from '../support/http2-messages'

const CONNECT: FieldList = [
  [':method', 'CONNECT'],
  [':authority', 'example.org:443'],
]

const EXTENDED: FieldList = [
  [':method', 'CONNECT'],
  [':protocol', 'websocket'],
  [':scheme', 'https'],
  [':authority', 'localhost'],
  [':path', '/chat'],
]

const enabled = { extendedConnect: true }

describe('8.5 CONNECT', () => {
  test('has an authority, and neither scheme nor path', () => {
    expect(headOf(CONNECT)).toMatchObject({
      method: 'CONNECT',
      authority: 'example.org:443',
      scheme: '',
      path: '',
    })
    expectMalformedHead([...CONNECT, [':scheme', 'https']])
    expectMalformedHead([...CONNECT, [':path', '/']])
    expectMalformedHead([[':method', 'CONNECT']])
    expectMalformedHead([
      [':method', 'CONNECT'],
      ['host', 'example.org:443'],
    ])
  })

  test('opens a tunnel with a 2xx response, which has no content-length', () => {
    const accepting: Handler = (_, response) => response.writeHead(200)
    const { response } = http2Exchange(accepting, {}, request(1, CONNECT, { open: true }))
    expect(response(1)).toEqual({ informational: [], status: 200, fields: [], body: '' })
  })

  test('leaves the other direction of its tunnel open when one has ended', () => {
    const closing: Handler = (_, response) => response.send(200)
    const { response, state } = http2Exchange(
      closing,
      {},
      request(1, CONNECT, { open: true }),
      dataFrame(1, 'more'),
      dataFrame(1, 'last', { endStream: true }),
    )
    expect(response(1)).toEqual({
      informational: [],
      status: 200,
      fields: [],
      body: '',
      end: 'END_STREAM',
    })
    expect(state).toBe('open')
  })

  test('has DATA frames only once it is open: HEADERS reset the stream', () => {
    expectMalformed(request(1, CONNECT, { body: ['abc'], trailers: [['a', '1']] }))
  })

  test('may be refused, with content', () => {
    const refusing: Handler = (_, response) => response.send(405, {}, 'no')
    const { response } = http2Exchange(refusing, {}, request(1, CONNECT))
    expect(response(1)).toMatchObject({
      status: 405,
      fields: [['content-length', '2']],
      body: 'no',
    })
  })
})

describe('RFC 8441 extended CONNECT', () => {
  test('is announced by SETTINGS, if it is enabled', () => {
    const settings = (init: { extendedConnect?: boolean }) =>
      http2Exchange(() => {}, init).frames.find(({ type }) => type === 'SETTINGS')
    expect(settings(enabled)).toMatchObject({ settings: { ENABLE_CONNECT_PROTOCOL: 1 } })
    expect(settings({})).not.toHaveProperty('settings.ENABLE_CONNECT_PROTOCOL')
  })

  test('has a protocol, and scheme, authority and path as other requests have', () => {
    expect(headOf(EXTENDED, enabled)).toMatchObject({
      method: 'CONNECT',
      protocol: 'websocket',
      scheme: 'https',
      authority: 'localhost',
      path: '/chat',
    })
  })

  test('is malformed if it is not enabled', () => {
    expectMalformedHead(EXTENDED)
  })

  test.each([':scheme', ':path', ':method'])('is malformed without %s', (name) => {
    expectMalformedHead(
      EXTENDED.filter(([known]) => known !== name),
      enabled,
    )
  })

  test('is CONNECT: another method with :protocol is malformed', () => {
    expectMalformedHead([...GET, [':protocol', 'websocket']], enabled)
  })

  test('carries DATA both ways', () => {
    const echoing: Handler = async (request, response) => {
      response.writeHead(200)
      for await (const part of request.body) response.write(part)
    }
    const { response } = http2Exchange(echoing, enabled, request(1, EXTENDED, { open: true }))
    expect(response(1)).toMatchObject({ status: 200, fields: [] })
  })
})
