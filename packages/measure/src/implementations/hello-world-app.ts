import type { Handler } from '@h2lab/mini-http2'
import { HELLO_WORLD } from './hello-world'

/**
 * The application of servers with a full protocol. It reads method and path, as every application does, and sends the
 * same octets as all other servers. It is a separate module, because some servers run their application in another
 * thread.
 */
const app: Handler = (request, response) => {
  const { method, path } = request
  if (path !== '/') response.send(404, { 'content-type': 'text/plain' }, 'There is only /.\n')
  else if (method === 'GET' || method === 'HEAD') response.sendPrebuilt(HELLO_WORLD)
  else response.send(405, { allow: 'GET, HEAD' })
}

export default app
