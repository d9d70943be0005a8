import { once } from 'node:events'
import http2 from 'node:http2'
import { buffer } from 'node:stream/consumers'
import type { Connection } from '../../src/connection'
import { OctetStream } from './octet-stream'

/** A response as parsed by Node's own HTTP/2 client. */
export interface NodeResponse {
  readonly status: number | undefined
  readonly headers: http2.IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * Makes Node's own HTTP/2 client send requests on one connection, all at once. It checks
 * independently what a protocol sends. They are connected by a stream, without a socket.
 *
 * @param requests header fields of each; by default one GET
 * @returns the responses, in the order of the requests
 */
export async function requestWithNode(
  connection: Connection,
  requests: readonly http2.OutgoingHttpHeaders[] = [{}],
): Promise<NodeResponse[]> {
  const stream = new OctetStream(connection)
  connection.onOutputReady = () => stream.flush()
  const session = http2.connect('http://localhost', { createConnection: () => stream })
  try {
    return await Promise.all(
      requests.map(async (headers) => {
        const stream = session.request(headers)
        const response = once(stream, 'response')
        const [body, [answer]] = await Promise.all([buffer(stream), response])
        const fields = answer as http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader
        return { status: fields[':status'], headers: fields, body }
      }),
    )
  } finally {
    session.destroy()
  }
}
