import { lookup } from 'node:dns/promises'
import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import {
  listenError,
  type ServerSetup,
  UnsupportedServerSetupError,
} from '@h2lab/mini-http2/server'
import {
  closeDescriptor,
  listenOn,
  localAddress,
  NativeUnavailableError,
  setKeepAlive,
  setNoDelay,
  setReusePort,
} from '@h2lab/tls-context/native'

/** How many clients may wait to be accepted: as many as Linux allows by default (net.core.somaxconn). */
const BACKLOG = 4096

/** Sockets that listen on the same port. */
export interface Listeners {
  readonly descriptors: readonly number[]
  readonly port: number
}

/**
 * Binds and listens, in non-blocking mode, by as many sockets as there are threads: the system shares the
 * clients out (SO_REUSEPORT of socket(7)).
 *
 * The first one doesn't share the port until it has it for itself. Otherwise the system would let it in beside
 * another server of the same user that shares the port as well.
 *
 * @throws ServerSetupError naming host and port if that isn't possible; none is left open then
 * @throws UnsupportedServerSetupError where sockets can't be called directly
 */
export async function openListeners(setup: ServerSetup, count: number): Promise<Listeners> {
  const { host, noDelay, limits } = setup
  const { keepAlive, keepAliveTimeout } = { ...DEFAULT_LIMITS, ...limits }
  const descriptors: number[] = []
  let { port } = setup
  try {
    const { address } = await lookup(host)
    while (descriptors.length < count) {
      const reusePort = descriptors.length > 0
      const options = { blocking: 'non-blocking', backlog: BACKLOG, reusePort } as const
      const descriptor = listenOn({ address, port }, options)
      descriptors.push(descriptor)
      if (count > 1) setReusePort(descriptor, true)
      // Its clients inherit these: calls for each are spared.
      setNoDelay(descriptor, noDelay)
      setKeepAlive(descriptor, keepAlive, keepAliveTimeout)
      port = localAddress(descriptor).port
    }
    return { descriptors, port }
  } catch (error) {
    for (const descriptor of descriptors) closeDescriptor(descriptor)
    if (error instanceof NativeUnavailableError) throw unsupported(setup, error)
    throw listenError(error, host, port)
  }
}

function unsupported(
  { implementation, protocol }: ServerSetup,
  cause: NativeUnavailableError,
): UnsupportedServerSetupError {
  const reason = cause.message.replace(/\.$/, '')
  const alternative = `async/${protocol ?? 'http2'}, which needs nothing of that`
  return new UnsupportedServerSetupError(implementation, reason, alternative, { cause })
}
