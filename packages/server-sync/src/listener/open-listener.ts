import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import {
  listenError,
  type ServerSetup,
  UnsupportedServerSetupError,
} from '@h2lab/mini-http2/server'
import { closeDescriptor, NativeUnavailableError, openListeners } from '@h2lab/tls-context/native'

/** A listening socket. */
export interface Listener {
  readonly descriptor: number
  readonly port: number
  /** Closes it. No thread may still be waiting for it. */
  close(): void
}

/**
 * Binds and listens, in blocking mode.
 *
 * @throws ServerSetupError naming host and port if that fails
 * @throws UnsupportedServerSetupError where sockets can't be called directly
 */
export async function openListener(setup: ServerSetup<string>): Promise<Listener> {
  const { host, port, limits } = setup
  const { keepAlive, keepAliveTimeout } = { ...DEFAULT_LIMITS, ...limits }
  try {
    const listeners = await openListeners({ host, port, keepAlive, keepAliveTimeout })
    const descriptor = listeners.descriptors[0]!
    return { descriptor, port: listeners.port, close: () => closeDescriptor(descriptor) }
  } catch (error) {
    if (error instanceof NativeUnavailableError) throw unsupported(setup, error)
    throw listenError(error, host, port)
  }
}

function unsupported(
  { implementation, protocol }: ServerSetup<string>,
  cause: NativeUnavailableError,
): UnsupportedServerSetupError {
  return new UnsupportedServerSetupError(
    implementation,
    cause.message.replace(/\.$/, ''),
    // `async` does not support nghttp2.
    `async/${protocol === 'mini' ? 'mini' : 'http2'}, which does not need them`,
    { cause },
  )
}
