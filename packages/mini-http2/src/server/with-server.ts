import { createServer, type Server } from './create-server'
import type { DispatchMethod, HandlerSupport } from './dispatch-method'
import type { ServerOptions } from './server-options'

/**
 * Starts a server, calls `callback`, and then ends the server immediately, even after an error.
 *
 * @param callback called with the server's URL and the server
 * @returns the result of `callback`
 * @throws errors of `createServer` or `callback`
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
