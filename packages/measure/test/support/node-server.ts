import http2, { type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server of node:http2, to misbehave as a test wants; gone when the test has finished. */
export interface NodeServer {
  readonly url: string
  readonly sockets: ReadonlySet<Socket>
}

/** @param answer gets each request, with its number from 1 */
export async function nodeServer(
  answer: (stream: ServerHttp2Stream, request: number) => void,
): Promise<NodeServer> {
  const server = http2.createServer()
  const sockets = new Set<Socket>()
  let request = 0
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('session', (session) => session.on('error', () => {}))
  server.on('stream', (stream) => {
    stream.on('error', () => {})
    answer(stream, ++request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets }
}

/** Answers as it should be. */
export function ok(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200 })
  stream.end('Hello World\n')
}
