import { once } from 'node:events'
import http2, { type ServerHttp2Stream } from 'node:http2'
import net, { type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ClientConnection, type ClientEvents, prepareRequest } from '../../src/client'
import { eventually } from '../support/eventually'

/*
 * Request bodies, checked by Node's own HTTP/2 server behind a real socket.
 */

/** Connects a client to a server. Both are closed when the test has finished. */
async function connected(
  onStream: (stream: ServerHttp2Stream) => void,
  settings: http2.Settings = {},
): Promise<{ client: ClientConnection; flush: () => void; told: string[] }> {
  const server = http2.createServer({ settings })
  server.on('session', (session) => session.on('error', () => {}))
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    onStream(stream)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  const told: string[] = []
  const events: ClientEvents = {
    onEnd: (streamId, status) => told.push(`${streamId} ended with ${status}`),
    onReset: (streamId) => told.push(`${streamId} was reset`),
  }
  const client = new ClientConnection(events)
  const flush = () => {
    for (let run = client.takeOutput(); run !== undefined; run = client.takeOutput()) {
      if (socket.writable) socket.write(run)
    }
  }
  socket.on('data', (octets) => {
    client.receive(octets)
    flush()
  })
  return { client, flush, told }
}

/** Deterministic content of this length. */
const bodyOf = (length: number) => Uint8Array.from({ length }, (_, index) => index * 7)

const post = (length: number) =>
  prepareRequest({ authority: 'localhost', method: 'POST', body: bodyOf(length) })

test.each([
  [0, {}],
  [1, {}],
  [16_385, {}],
  [65_536, {}],
  [1_000_000, {}],
  [1_000_000, { initialWindowSize: 1_000_000 }],
  [50_000, { initialWindowSize: 1000 }],
])('a body of %i octets arrives whole, several at a time, with %j', async (length, settings) => {
  const received: Buffer[] = []
  const { client, flush, told } = await connected((stream) => {
    const pieces: Buffer[] = []
    stream.on('data', (piece: Buffer) => pieces.push(piece))
    stream.on('end', () => {
      received.push(Buffer.concat(pieces))
      stream.respond({ ':status': 200 })
      stream.end()
    })
  }, settings)
  const request = post(length)
  for (let count = 0; count < 3; count++) client.send(request)
  flush()
  await eventually(() => expect(told).toHaveLength(3))
  expect(told.sort()).toEqual(['1 ended with 200', '3 ended with 200', '5 ended with 200'])
  expect(received).toHaveLength(3)
  for (const one of received) expect(one.equals(bodyOf(length))).toBe(true)
})

test('a body is not sent to its end once the answer is complete', async () => {
  const { client, flush, told } = await connected((stream) => {
    stream.respond({ ':status': 413 })
    stream.end()
  })
  client.send(post(200_000))
  flush()
  await eventually(() => expect(told[0]).toBe('1 ended with 413'))
  // The rest of it would use up the connection's window, and the next body would wait for that.
  client.send(post(10_000))
  flush()
  await eventually(() => expect(told.at(-1)).toBe('3 ended with 413'))
  expect(client.state).toBe('open')
  expect(client.error).toBeUndefined()
})

test('what the caller does with its octets afterwards changes nothing', async () => {
  let received = ''
  const { client, flush, told } = await connected((stream) => {
    stream.setEncoding('latin1').on('data', (text: string) => {
      received += text
    })
    stream.on('end', () => {
      stream.respond({ ':status': 200 })
      stream.end()
    })
  })
  const body = Buffer.from('before')
  const request = prepareRequest({ authority: 'localhost', method: 'POST', body })
  body.fill('x')
  client.send(request)
  flush()
  await eventually(() => expect(told).toHaveLength(1))
  expect(received).toBe('before')
})
