import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import type { OutgoingHttpHeaders } from 'node:http2'
import https from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { NodeResponse } from './node-client'

/** A few connections, each used for more than one request. */
const AGENT_OPTIONS = { keepAlive: true, maxSockets: 10 }

/**
 * Makes requests with Node's own HTTP/1.1 client, all at once.
 *
 * @param requests the header fields of each, as in HTTP/2
 */
export async function requestWithNodeHttp1(
  url: string,
  requests: readonly OutgoingHttpHeaders[] = [{}],
): Promise<NodeResponse[]> {
  const secure = url.startsWith('https:')
  const agent = secure ? new https.Agent(AGENT_OPTIONS) : new http.Agent(AGENT_OPTIONS)
  const { request } = secure ? https : http
  try {
    return await Promise.all(
      requests.map(async ({ ':path': path = '/', ':method': method = 'GET', ...headers }) => {
        const options = { agent, method: String(method), headers, rejectUnauthorized: false }
        const sent = request(new URL(String(path), url), options).end()
        const [answer] = (await once(sent, 'response')) as [IncomingMessage]
        return { status: answer.statusCode, headers: answer.headers, body: await buffer(answer) }
      }),
    )
  } finally {
    agent.destroy()
  }
}
