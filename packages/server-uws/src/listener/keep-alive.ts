import { readdirSync, readlinkSync } from 'node:fs'
import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import type { ServerSetup } from '@h2lab/mini-http2/server'
import { localAddress, NativeUnavailableError, setKeepAlive } from '@h2lab/tls-context/native'

/**
 * Has TCP find out that clients have lost their network, as nothing else does while they wait for a response: the
 * library has no timeout then, and HTTP/1.1 no way to ask. Clients inherit it from the socket that listens, which
 * the library doesn't hand out: it is the one with this port. Called before there are clients.
 *
 * There is no TCP_USER_TIMEOUT: it would end clients that pause a download, which in HTTP/1.1 is told by TCP only.
 *
 * Where sockets can't be called directly, nothing happens: outside of Linux, and where tls-context says so.
 */
export function keepClientsAlive(port: number, { limits }: Pick<ServerSetup, 'limits'>): void {
  if (process.platform !== 'linux') return
  const { keepAlive, keepAliveTimeout } = { ...DEFAULT_LIMITS, ...limits }
  try {
    for (const descriptor of socketDescriptors()) {
      if (portOf(descriptor) === port) setKeepAlive(descriptor, keepAlive, keepAliveTimeout)
    }
  } catch (error) {
    if (!(error instanceof NativeUnavailableError)) throw error
  }
}

/** The descriptors of this process's sockets, proc(5). */
function socketDescriptors(): number[] {
  const folder = '/proc/self/fd'
  return readdirSync(folder)
    .filter((name) => {
      try {
        return readlinkSync(`${folder}/${name}`).startsWith('socket:')
      } catch {
        // It was the folder's own.
        return false
      }
    })
    .map(Number)
}

/** Undefined if it isn't a socket of IP. */
function portOf(descriptor: number): number | undefined {
  const { address, port } = localAddress(descriptor)
  return address === 'unknown' ? undefined : port
}
