import { createServer, type Server } from './create-server'
import type { DispatchMethod, HandlerSupport } from './dispatch-method'
import type { ServerOptions } from './server-options'

/**
 * Starts a server, runs `callback`, and ends the server at once whatever happened.
 *
 * @param callback gets the server's URL, and the server
 * @returns what `callback` returned
 * @throws what `createServer` or `callback` threw
 */
export async function withServer<Result, Protocol extends string, Handlers extends HandlerSupport>(
  method: DispatchMethod<Protocol, Handlers>,
  options: ServerOptions<NoInfer<Protocol>, NoInfer<Handlers>>,
  callback: (url: string, server: Server) => Result | Promise<Result>,
): Promise<Result> {
  const server = await createServer(method, options)
  try {
    return await callback(server.url, server)
  } finally {
    await server.close({ graceMs: 0 })
  }
}
