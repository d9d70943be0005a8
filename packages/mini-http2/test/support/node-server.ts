import http2 from 'node:http2'
import { onTestFinished } from 'vitest'
import { OctetStream, type Side } from './octet-stream'

/**
 * Connects a client to Node's own HTTP/2 server, which checks independently what the client sends.
 * They are connected by a stream, without a socket.
 *
 * @param onStream answers a request
 * @returns the stream. Flush it whenever the client has something to send
 */
export function connectToNode(
  client: Side,
  onStream: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
): OctetStream {
  const server = http2.createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    onStream(stream, headers)
  })
  const stream = new OctetStream(client)
  onTestFinished(() => void stream.destroy())
  server.emit('connection', stream)
  stream.flush()
  return stream
}
