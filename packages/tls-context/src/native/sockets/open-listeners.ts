import { lookup } from 'node:dns/promises'
import type { OptionNamesOf } from '@h2lab/octets'
import { checkOptionNames } from '../../options'
import { localAddress } from './address'
import { type Blocking, closeDescriptor, listenOn } from './socket'
import { setKeepAlive, setNoDelay, setReusePort } from './socket-options'

/** How many clients may wait to be accepted: Linux's default limit (net.core.somaxconn). */
const BACKLOG = 4096

export interface OpenListenersOptions {
  /** A name or address of this machine. */
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /**
   * How many sockets share the port; the system distributes clients among them (SO_REUSEPORT of
   * socket(7)). Default 1.
   */
  readonly count?: number
  /** Default `blocking`. */
  readonly blocking?: Blocking
  /** TCP_NODELAY of tcp(7), inherited by clients. Default: that of the system. */
  readonly noDelay?: boolean
  /**
   * How long a client may be silent before TCP probes it, in milliseconds; inherited by clients.
   */
  readonly keepAlive: number
  /** How long the client may then take to answer, in milliseconds. */
  readonly keepAliveTimeout: number
}

const OPTIONS: OptionNamesOf<OpenListenersOptions> = {
  host: true,
  port: true,
  count: true,
  blocking: true,
  noDelay: true,
  keepAlive: true,
  keepAliveTimeout: true,
}

/** Sockets that listen on the same port. */
export interface Listeners {
  readonly descriptors: readonly number[]
  readonly port: number
}

/**
 * Binds and listens. The first socket is bound without sharing the port, and shares it afterwards:
 * otherwise the system would allow it next to another server of the same user that also shares the
 * port.
 *
 * @throws SystemCallError, SocketAddressError, an error of dns.lookup; no socket remains open then
 * @throws TlsOptionError if an option does not exist
 * @throws NativeUnavailableError if sockets can't be called directly
 */
export async function openListeners(options: OpenListenersOptions): Promise<Listeners> {
  checkOptionNames(options, OPTIONS)
  const { host, count = 1, blocking, noDelay, keepAlive, keepAliveTimeout } = options
  const descriptors: number[] = []
  let { port } = options
  try {
    const { address } = await lookup(host)
    while (descriptors.length < count) {
      const reusePort = descriptors.length > 0
      const mode = blocking === undefined ? {} : { blocking }
      const descriptor = listenOn({ address, port }, { backlog: BACKLOG, reusePort, ...mode })
      descriptors.push(descriptor)
      if (count > 1) setReusePort(descriptor, true)
      // Clients inherit these options, which saves calls for each of them.
      if (noDelay !== undefined) setNoDelay(descriptor, noDelay)
      setKeepAlive(descriptor, keepAlive, keepAliveTimeout)
      port = localAddress(descriptor).port
    }
    return { descriptors, port }
  } catch (error) {
    for (const descriptor of descriptors) closeDescriptor(descriptor)
    throw error
  }
}
