import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { describe, expect, test } from 'vitest'
import { ClientConnection, type ClientEvents, prepareRequest } from '../../src/client'
import { recordedClient } from '../support/client'
import { eventually } from '../support/eventually'
import { connectToNode } from '../support/node-server'
import type { OctetStream } from '../support/octet-stream'

/*
 * The client connection with Node's own HTTP/2 server, which has an encoder with a dynamic table,
 * flow control and its own strictness.
 */

const REQUEST = prepareRequest({ authority: 'localhost', path: '/a', headers: { 'x-a': 'b' } })

function connected(
  onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void,
): ReturnType<typeof recordedClient> & { readonly stream: OctetStream } {
  const recorded = recordedClient()
  return { ...recorded, stream: connectToNode(recorded.client, onStream) }
}

test('a response is told with its informational response, fields, body and trailers', async () => {
  const { client, events, stream } = connected((answer, headers) => {
    answer.additionalHeaders({ ':status': 103, link: '</style.css>' })
    answer.respond({ ':status': 201, 'x-path': headers[':path'] }, { waitForTrailers: true })
    answer.on('wantTrailers', () => answer.sendTrailers({ 'x-sum': '7' }))
    answer.end('abc')
  })
  client.send(REQUEST)
  stream.flush()
  await eventually(() => expect(events.at(-1)?.[0]).toBe('end'))
  expect(events).toEqual([
    ['headers', 1, 103, [['link', '</style.css>']]],
    ['headers', 1, 201, expect.arrayContaining([['x-path', '/a']])],
    ['data', 1, '616263'],
    ['headers', 1, 201, [['x-sum', '7']]],
    ['end', 1, 201],
  ])
})

test('each of many requests is answered once, all with the same prepared request', async () => {
  const seen: IncomingHttpHeaders[] = []
  const { client, events, stream } = connected((answer, headers) => {
    seen.push(headers)
    answer.respond({ ':status': 200, 'x-count': seen.length })
    answer.end()
  })
  for (let round = 0; round < 10; round++) {
    for (let count = 0; count < 50; count++) client.send(REQUEST)
    stream.flush()
    await eventually(() => expect(seen).toHaveLength((round + 1) * 50))
  }
  const ends = () => events.filter(([kind]) => kind === 'end')
  await eventually(() => expect(ends()).toHaveLength(500))
  expect(new Set(ends().map(([, streamId]) => streamId)).size).toBe(500)
  for (const headers of seen) expect(headers).toMatchObject({ ':path': '/a', 'x-a': 'b' })
})

test('a body larger than the first windows arrives whole', async () => {
  const length = 3_000_000
  let received = 0
  let ended = 0
  const events: ClientEvents = {
    onData: (_, octets) => {
      received += octets.length
    },
    onEnd: () => {
      ended++
    },
  }
  const client = new ClientConnection(events)
  const stream = connectToNode(client, (answer) => {
    answer.respond()
    answer.end(Buffer.alloc(length))
  })
  client.send(REQUEST)
  stream.flush()
  await eventually(() => expect(ended).toBe(1))
  expect(received).toBe(length)
})

describe('the server gives up', () => {
  test('a stream: that is told with its code', async () => {
    const { client, events, stream } = connected((answer) => answer.close(8))
    client.send(REQUEST)
    stream.flush()
    await eventually(() => expect(events).toContainEqual(['reset', 1, 8]))
  })

  test('the connection: that is told, and no more requests are taken', async () => {
    const { client, events, stream } = connected((answer) => answer.session?.goaway(11, 1))
    client.send(REQUEST)
    stream.flush()
    await eventually(() => expect(events).toContainEqual(['goaway', 1, 11]))
    expect(client.state).toBe('draining')
  })
})
