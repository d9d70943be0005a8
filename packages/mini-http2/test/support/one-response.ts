import { createServer, type Socket } from 'node:net'
import {
  type DispatchMethod,
  listenError,
  loadPrebuiltResponse,
  type ServerSetup,
} from '../../src/server'

/** A dispatch method for tests that records its setup. */
export interface RecordingMethod extends DispatchMethod<string> {
  readonly setups: readonly ServerSetup<string>[]
  /** The calls to its servers, in order. */
  readonly calls: readonly ('start' | 'drain' | 'kill')[]
}

/**
 * The smallest dispatch method that really listens: each client gets the body of the prebuilt
 * response as it is, and stays connected until it leaves or the server is killed.
 */
export function oneResponse(
  about: Partial<Pick<DispatchMethod<string>, 'protocols' | 'handlers'>> = {},
): RecordingMethod {
  const setups: ServerSetup<string>[] = []
  const calls: ('start' | 'drain' | 'kill')[] = []
  return {
    name: 'one-response',
    protocols: 'own',
    handlers: 'none',
    ...about,
    setups,
    calls,
    async start(setup) {
      setups.push(setup)
      const { body } = await loadPrebuiltResponse(setup)
      calls.push('start')
      const sockets = new Set<Socket>()
      const server = createServer((socket) => {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
        socket.write(body)
      })
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error) => reject(listenError(error, setup.host, setup.port)))
        server.listen(setup.port, setup.host, resolve)
      })
      return {
        port: (server.address() as { port: number }).port,
        drain() {
          calls.push('drain')
          server.close()
        },
        kill() {
          calls.push('kill')
          server.close()
          for (const socket of sockets) socket.destroy()
        },
        ended: new Promise((resolve) => server.once('close', resolve)),
      }
    },
  }
}
