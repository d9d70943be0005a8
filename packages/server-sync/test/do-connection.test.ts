import { prebuildResponse } from '@h2lab/mini-http2'
import { ClientConnection, prepareRequest } from '@h2lab/mini-http2/client'
import { connectionFactory } from '@h2lab/mini-http2/protocol'
import {
  acceptClient,
  closeDescriptor,
  connectSocket,
  createSocket,
  listenOn,
  localAddress,
  PlainStream,
  setReceiveTimeout,
  shutdownSocket,
} from '@h2lab/tls-context/native'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type DoConnectionOptions, doConnection } from '../src'

const hello = prebuildResponse({ body: 'Hello World\n' })

/** Both ends of a TCP connection, in this thread. The system holds what one end has sent to the other. */
function streamPair(): { served: PlainStream; client: PlainStream } {
  const listener = listenOn({ address: '127.0.0.1', port: 0 })
  const address = localAddress(listener)
  const descriptor = createSocket(address)
  connectSocket(descriptor, address)
  const client = new PlainStream(descriptor)
  const served = new PlainStream(acceptClient(listener))
  closeDescriptor(listener)
  onTestFinished(() => {
    client.close()
    served.close()
  })
  return { served, client }
}

/** What a client sees that makes some requests and then ends its side. */
function exchange(
  requests: number,
  options: DoConnectionOptions = {},
  endsItsSide = true,
): { end: string; statuses: number[]; goaways: number[] } {
  const { served, client } = streamPair()
  const statuses: number[] = []
  const goaways: number[] = []
  const connection = new ClientConnection({
    onData: () => {},
    onEnd: (_, status) => void statuses.push(status),
    onGoaway: (_, code) => void goaways.push(code),
  })
  const request = prepareRequest({ authority: 'localhost' })
  for (let index = 0; index < requests; index++) connection.send(request)
  client.write(connection.takeOutput()!)
  if (endsItsSide) shutdownSocket(client.descriptor, 'write')
  setReceiveTimeout(served.descriptor, 20)
  const protocol = connectionFactory('http2', hello)(performance.now())
  const end = doConnection(served, protocol, options)
  served.close()
  const octets = new Uint8Array(65_536)
  for (let count = client.read(octets); count > 0; count = client.read(octets)) {
    connection.receive(octets.subarray(0, count))
  }
  return { end, statuses, goaways }
}

describe('doConnection', () => {
  test('answers all that a client asks, until it ends its side', () => {
    expect(exchange(100)).toEqual({ end: 'client', statuses: Array(100).fill(200), goaways: [0] })
  })

  test('ends a client that is silent for longer than the read timeout', () => {
    const result = exchange(1, { readTimeout: 50 }, false)
    expect(result).toEqual({ end: 'server', statuses: [200], goaways: [0] })
  })

  test('ends a client that takes nothing for longer than the write timeout', () => {
    const { served, client } = streamPair()
    const connection = new ClientConnection({ onData: () => {}, onEnd: () => {} })
    connection.send(prepareRequest({ authority: 'localhost' }))
    client.write(connection.takeOutput()!)
    const large = prebuildResponse({ body: new Uint8Array(16_777_216) })
    const protocol = connectionFactory('http2', large)(performance.now())
    expect(() => doConnection(served, protocol, { readTimeout: 60_000, writeTimeout: 50 })).toThrow(
      expect.objectContaining({ name: 'SocketTimeoutError', code: 'ETIMEDOUT' }) as Error,
    )
  })

  test('drains when the server does, though the client is silent', () => {
    let looks = 0
    const phase = () => (++looks > 2 ? 'draining' : 'serving')
    const { end, statuses, goaways } = exchange(1, { phase }, false)
    expect({ end, statuses }).toEqual({ end: 'server', statuses: [200] })
    expect(goaways.at(-1)).toBe(0)
  })

  test('only says GOAWAY when the server is killed', () => {
    expect(exchange(1, { phase: () => 'killed' }, false)).toEqual({
      end: 'server',
      statuses: [],
      goaways: [0],
    })
  })
})
