import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import {
  listenError,
  type ServerSetup,
  UnsupportedServerSetupError,
} from '@h2lab/mini-http2/server'
import { type Listeners, NativeUnavailableError, openListeners } from '@h2lab/tls-context/native'

/**
 * Binds and listens in non-blocking mode, with one socket per thread.
 *
 * @throws ServerSetupError naming host and port if that fails; no socket is left open then
 * @throws UnsupportedServerSetupError where sockets can't be called directly
 */
export async function openServerListeners(setup: ServerSetup, count: number): Promise<Listeners> {
  const { host, port, noDelay, limits } = setup
  const { keepAlive, keepAliveTimeout } = { ...DEFAULT_LIMITS, ...limits }
  const options = { host, port, noDelay, keepAlive, keepAliveTimeout }
  try {
    return await openListeners({ ...options, count, blocking: 'non-blocking' })
  } catch (error) {
    if (error instanceof NativeUnavailableError) throw unsupported(setup, error)
    throw listenError(error, host, port)
  }
}

function unsupported(
  { implementation, protocol }: ServerSetup,
  cause: NativeUnavailableError,
): UnsupportedServerSetupError {
  const reason = cause.message.replace(/\.$/, '')
  const alternative = `async/${protocol ?? 'http2'}, which does not need them`
  return new UnsupportedServerSetupError(implementation, reason, alternative, { cause })
}
