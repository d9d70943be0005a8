import { lookup } from 'node:dns/promises'
import type { OptionNamesOf } from '@h2lab/octets'
import { checkOptionNames } from '../../options'
import { localAddress } from './address'
import { type Blocking, closeDescriptor, listenOn } from './socket'
import { setKeepAlive, setNoDelay, setReusePort } from './socket-options'

/** How many clients may wait to be accepted: as many as Linux allows by default (net.core.somaxconn). */
const BACKLOG = 4096

export interface OpenListenersOptions {
  /** A name or address of this machine. */
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  /** How many sockets share the port: the system shares the clients out (SO_REUSEPORT of socket(7)). Default 1. */
  readonly count?: number
  /** Default `blocking`. */
  readonly blocking?: Blocking
  /** TCP_NODELAY of tcp(7), which clients inherit. Default: as the system has it. */
  readonly noDelay?: boolean
  /** How long a client may be silent before TCP asks for it, in milliseconds; clients inherit it. */
  readonly keepAlive: number
  /** How long it may then take to answer, in milliseconds. */
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
 * Binds and listens. The first socket doesn't share the port until it has it for itself: otherwise the system would let
 * it in beside another server of the same user that shares the port as well.
 *
 * @throws SystemCallError, SocketAddressError, an error of dns.lookup; none is left open then
 * @throws TlsOptionError if an option does not exist
 * @throws NativeUnavailableError where sockets can't be called directly
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
      // Its clients inherit these: calls for each are spared.
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
