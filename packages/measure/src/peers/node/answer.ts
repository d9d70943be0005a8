import { HELLO_WORLD } from '../../implementations/hello-world'

/*
 * The response of the servers to GET /, the same as that of all servers of an experiment.
 */

/** Text, because that is what most applications send. */
export const BODY = Buffer.from(HELLO_WORLD.body).toString('latin1')

export const CONTENT_TYPE = 'text/plain; charset=utf-8'

/** The used part of a request of node:http or of node:http2's compatibility API. */
interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
}

/** The used part of the response. */
interface NodeResponse {
  writeHead(status: number, headers: Readonly<Record<string, string | number>>): unknown
  end(body: string): unknown
}

/** The handler for both APIs of Node.js, without a framework. */
export function answer({ method, url }: NodeRequest, response: NodeResponse): void {
  if (method !== 'GET' || url !== '/') {
    response.writeHead(404, { 'content-type': CONTENT_TYPE })
    response.end('There is only /.\n')
    return
  }
  response.writeHead(200, { 'content-type': CONTENT_TYPE, 'content-length': BODY.length })
  response.end(BODY)
}
