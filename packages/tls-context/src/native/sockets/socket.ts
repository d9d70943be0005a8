import { constants } from 'node:os'
import type { OptionNamesOf } from '@h2lab/octets'
import { checkOptionNames } from '../../options'
import { SystemCallError } from '../errors'
import { libc } from '../foreign/libc'
import {
  addressFamily,
  addressLength,
  encodeAddress,
  formatAddress,
  type SocketAddress,
} from './address'
import { setReuseAddress, setReusePort } from './socket-options'
import {
  descriptorName,
  EAGAIN,
  EINPROGRESS,
  EINTR,
  ENOTCONN,
  lastErrno,
  systemCall,
  WOULD_BLOCK,
} from './system-call'

/** Whether calls on a descriptor block, or return {@link WOULD_BLOCK}. */
export type Blocking = 'blocking' | 'non-blocking'

const SOCK_STREAM = 1
const SOCK_NONBLOCK = 0o4000
/** Programs started by this process don't inherit the descriptor. */
const SOCK_CLOEXEC = 0o2000000

/** Errors of accept(2) that concern the client, not the listener. */
const GONE_WHILE_WAITING: ReadonlySet<number> = new Set([
  constants.errno.ECONNABORTED,
  constants.errno.EPROTO,
  constants.errno.ENOPROTOOPT,
  constants.errno.ENETDOWN,
  constants.errno.ENETUNREACH,
  constants.errno.EHOSTUNREACH,
])

/**
 * How many connections may wait to be accepted, if the system allows it: the default of `node:net`.
 */
const DEFAULT_BACKLOG = 511

/** Options of {@link listenOn}. */
export interface ListenOptions {
  /** Default: `blocking`. */
  readonly blocking?: Blocking
  /** How many clients may wait to be accepted. The system has its own limit. Default: 511. */
  readonly backlog?: number
  /**
   * Whether several sockets may listen on one port. The system distributes clients among them
   * (SO_REUSEPORT). Default: false.
   */
  readonly reusePort?: boolean
}

/**
 * Creates a TCP socket, socket(2). The caller closes it.
 *
 * @param address only its family is used
 * @returns the descriptor
 * @throws SystemCallError, SocketAddressError
 */
export function createSocket(address: SocketAddress, blocking: Blocking = 'blocking'): number {
  const family = addressFamily(address)
  const type = SOCK_STREAM | SOCK_CLOEXEC | mode(blocking)
  return systemCall('socket', formatAddress(address), () => libc().socket(family, type, 0))
}

/** Binds a socket to an address, bind(2). @throws SystemCallError, SocketAddressError */
export function bindSocket(descriptor: number, address: SocketAddress): void {
  const octets = encodeAddress(address)
  systemCall('bind', formatAddress(address), () => libc().bind(descriptor, octets, octets.length))
}

/** Starts to accept clients, listen(2). @throws SystemCallError */
export function listenSocket(descriptor: number, backlog: number = DEFAULT_BACKLOG): void {
  systemCall('listen', descriptorName(descriptor), () => libc().listen(descriptor, backlog))
}

const LISTEN_OPTIONS: OptionNamesOf<ListenOptions> = {
  blocking: true,
  backlog: true,
  reusePort: true,
}

/**
 * Creates a listening socket with SO_REUSEADDR, like every server. No descriptor remains open if it
 * fails.
 *
 * @returns the descriptor; {@link localAddress} returns the actual port if it was 0
 * @throws SystemCallError, SocketAddressError
 * @throws TlsOptionError if an option does not exist
 */
export function listenOn(address: SocketAddress, options: ListenOptions = {}): number {
  checkOptionNames(options, LISTEN_OPTIONS)
  const descriptor = createSocket(address, options.blocking)
  try {
    setReuseAddress(descriptor, true)
    if (options.reusePort === true) setReusePort(descriptor, true)
    bindSocket(descriptor, address)
    listenSocket(descriptor, options.backlog)
    return descriptor
  } catch (error) {
    closeDescriptor(descriptor)
    throw error
  }
}

/**
 * Accepts the next client, accept4(2). Clients that left while they waited are skipped.
 *
 * @param listener a listening socket
 * @param blocking the mode of the new descriptor, whatever the listener's mode is
 * @param address if given, `SOCKET_ADDRESS_OCTETS` octets for the client's address, to be decoded
 *   with `decodeAddress`
 * @returns the client's descriptor, or {@link WOULD_BLOCK}
 * @throws SystemCallError: EMFILE if the process may not open more descriptors; EINVAL if another
 *   thread has called {@link shutdownSocket} on the listener, which wakes a thread that waits here
 */
export function acceptClient(
  listener: number,
  blocking: Blocking = 'blocking',
  address: Uint8Array | null = null,
): number {
  const flags = SOCK_CLOEXEC | mode(blocking)
  const length = address === null ? null : addressLength(address)
  for (;;) {
    const descriptor = libc().accept4(listener, address, length, flags)
    if (descriptor >= 0) return descriptor
    const errno = lastErrno()
    if (errno === EAGAIN) return WOULD_BLOCK
    if (errno === EINTR || GONE_WHILE_WAITING.has(errno)) continue
    throw new SystemCallError(errno, 'accept', descriptorName(listener))
  }
}

/**
 * Connects a socket, connect(2).
 *
 * @returns 0 if it is connected; {@link WOULD_BLOCK} if the connection is in progress. When the
 *   descriptor is writable, {@link pendingError} returns the result
 * @throws SystemCallError, SocketAddressError
 */
export function connectSocket(descriptor: number, address: SocketAddress): 0 | typeof WOULD_BLOCK {
  const octets = encodeAddress(address)
  if (libc().connect(descriptor, octets, octets.length) === 0) return 0
  const errno = lastErrno()
  // After EINTR it continues in the background, and another call would fail with EALREADY.
  if (errno === EINPROGRESS || errno === EAGAIN || errno === EINTR) return WOULD_BLOCK
  throw new SystemCallError(errno, 'connect', formatAddress(address))
}

/** The directions that {@link shutdownSocket} ends. */
export type ShutdownDirection = 'read' | 'write' | 'both'

const SHUTDOWN_HOW: Readonly<Record<ShutdownDirection, number>> = { read: 0, write: 1, both: 2 }

/**
 * Ends one or both directions of a socket, shutdown(2), but keeps the descriptor. A read in another
 * thread then returns 0, and accept fails with EINVAL.
 *
 * @returns whether the socket was still connected
 * @throws SystemCallError
 */
export function shutdownSocket(descriptor: number, direction: ShutdownDirection): boolean {
  if (libc().shutdown(descriptor, SHUTDOWN_HOW[direction]) === 0) return true
  const errno = lastErrno()
  if (errno === ENOTCONN) return false
  throw new SystemCallError(errno, 'shutdown', descriptorName(descriptor))
}

/**
 * Closes a descriptor, close(2). No thread may use it any more, because its number is reused.
 *
 * @throws SystemCallError with EBADF if it isn't open, which is a bug
 */
export function closeDescriptor(descriptor: number): void {
  if (libc().close(descriptor) === 0) return
  const errno = lastErrno()
  // Linux has closed it anyway. A second call might close another thread's descriptor.
  if (errno === EINTR) return
  throw new SystemCallError(errno, 'close', descriptorName(descriptor))
}

function mode(blocking: Blocking): number {
  return blocking === 'blocking' ? 0 : SOCK_NONBLOCK
}
