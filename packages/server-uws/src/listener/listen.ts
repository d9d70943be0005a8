import { lookup } from 'node:dns/promises'
import { createServer } from 'node:net'
import { listenError, type ServerSetup } from '@h2lab/mini-http2/server'
import type { UwsApp, UwsListenSocket } from '../library/uws-library'

/** LIBUS_LISTEN_EXCLUSIVE_PORT. Without it, two servers can share a port unnoticed. */
const EXCLUSIVE_PORT = 1

/**
 * Binds and listens.
 *
 * @throws ServerSetupError naming host and port if that fails
 */
export async function listen(
  app: UwsApp,
  { host, port }: Pick<ServerSetup, 'host' | 'port'>,
): Promise<UwsListenSocket> {
  let fault: unknown
  try {
    // The library would resolve the name itself, but block meanwhile.
    const { address } = await lookup(host)
    const socket = listenAt(app, address, port)
    if (socket !== undefined) return socket
    fault = await reasonNotToListen(address, port)
  } catch (error) {
    fault = error
  }
  throw listenError(fault, host, port)
}

function listenAt(app: UwsApp, address: string, port: number): UwsListenSocket | undefined {
  let listening: UwsListenSocket | undefined
  app.listen(address, port, EXCLUSIVE_PORT, (socket) => {
    if (socket !== false) listening = socket
  })
  return listening
}

/** The library does not report why listening failed. Node does, with a code of errno(3). */
function reasonNotToListen(host: string, port: number): Promise<Error> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => resolve(new Error('uWebSockets.js gives no reason')))
    })
  })
}
