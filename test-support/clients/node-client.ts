import { once } from 'node:events'
import http2 from 'node:http2'
import { buffer } from 'node:stream/consumers'

/** A response as Node's own HTTP/2 client understood it. */
export interface NodeResponse {
  readonly status: number | undefined
  readonly headers: http2.IncomingHttpHeaders
  readonly body: Buffer
}

/** Makes requests with Node's own HTTP/2 client, all at once on one connection. */
export async function requestWithNode(
  url: string,
  requests: readonly http2.OutgoingHttpHeaders[] = [{}],
): Promise<NodeResponse[]> {
  const session = http2.connect(url, { rejectUnauthorized: false })
  try {
    const answers = Promise.all(requests.map((headers) => requestOnSession(session, headers)))
    return await Promise.race([answers, failure(session)])
  } finally {
    session.destroy()
  }
}

/** Rejects when the session ends, with or without an error. */
function failure(session: http2.ClientHttp2Session): Promise<never> {
  return new Promise((_, reject) => {
    session.on('error', reject)
    session.on('close', () => reject(new Error('The server closed the connection.')))
  })
}

async function requestOnSession(
  session: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
): Promise<NodeResponse> {
  const stream = session.request(headers)
  const [[answer], body] = await Promise.all([once(stream, 'response'), buffer(stream)])
  const fields = answer as http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader
  return { status: fields[':status'], headers: fields, body }
}
