import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { ServedServer } from '../../server-process/serve-measured'

/**
 * Makes a server listen on a free port of 127.0.0.1. Closing it destroys its connections, which would not end by
 * themselves under load.
 */
export async function serveOnLoopback(
  server: Server,
  scheme: 'http' | 'https',
): Promise<ServedServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${scheme}://127.0.0.1:${port}/`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
