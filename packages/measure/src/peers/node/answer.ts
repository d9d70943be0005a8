import { HELLO_WORLD } from '../../implementations/hello-world'

/*
 * What the servers answer GET / with: the same as all servers of an experiment.
 */

/** Text, since that is what people answer with. */
export const BODY = Buffer.from(HELLO_WORLD.body).toString('latin1')

export const CONTENT_TYPE = 'text/plain; charset=utf-8'

/** A request of node:http or of node:http2's compatibility API, as far as it is read. */
interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
}

/** The response to it, as far as it is written. */
interface NodeResponse {
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown
  end(body: string): unknown
}

/** What both APIs of Node.js answer with, without a framework. */
export function answer({ method, url }: NodeRequest, response: NodeResponse): void {
  if (method !== 'GET' || url !== '/') {
    response.writeHead(404, { 'content-type': CONTENT_TYPE })
    response.end('There is only /.\n')
    return
  }
  response.writeHead(200, { 'content-type': CONTENT_TYPE, 'content-length': BODY.length })
  response.end(BODY)
}
