import {
  type ApplicationOptions,
  type CommonServerOptions,
  invalidOption,
  serverUrl,
  toServerSetup,
} from '@h2lab/mini-http2/server'
import type { ServerHandle } from '../control/server-control'
import { openServer } from '../loop/start-server'
import type { SyncProtocolName } from '../protocol'
import type { BlockingMethod } from './blocking-method'

/** The options of {@link serveBlocking}. There is no `signal`, because a blocked thread can't receive it. */
export type BlockingOptions = Omit<CommonServerOptions, 'signal' | 'onListening'> &
  ApplicationOptions<SyncProtocolName, 'modules'> & {
    /**
     * Called before the thread blocks.
     *
     * @param handle lets another thread end the server with `endServer`
     */
    readonly onListening?: ((url: string, handle: ServerHandle) => void) | undefined
  }

/**
 * Serves in the calling thread. Once it listens, it blocks the thread until another thread ends the server. With
 * `thread` the calling thread becomes the listener.
 *
 * @param method `none` or `thread`
 * @returns when the server has ended and nothing is left of it
 * @throws what `createServer` throws, and what `onListening` threw
 */
export async function serveBlocking(
  method: BlockingMethod,
  options: BlockingOptions,
): Promise<void> {
  const { onListening, ...common } = options
  const setup = await toServerSetup(method, common)
  if ('signal' in options && options.signal !== undefined) {
    throw invalidOption(
      'signal',
      options.signal,
      'left out: a thread that blocks can not hear of it',
    )
  }
  const { data, port, close } = await openServer(method, setup)
  const { memory, listener } = data
  const url = serverUrl({ host: setup.host, port, tls: setup.tls !== undefined })
  try {
    await method.block(data, setup, () => onListening?.(url, { memory, listener }))
  } finally {
    close()
  }
}
