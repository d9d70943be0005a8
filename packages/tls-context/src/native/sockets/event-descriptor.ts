import { SystemCallError } from '../errors'
import { libc } from '../foreign/libc'
import { descriptorName, EAGAIN, lastErrno, systemCall } from './system-call'

const EFD_CLOEXEC = 0o2000000
const EFD_NONBLOCK = 0o4000

/** One event, as a 64-bit counter. */
const ONE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])

/**
 * Creates a descriptor that wakes another thread from poll or epoll, eventfd(2): {@link
 * signalEvent} makes it readable. The other thread gets its number. The caller closes it when
 * neither thread uses it any more.
 *
 * @throws SystemCallError
 */
export function createEventDescriptor(): number {
  return systemCall('eventfd', '', () => libc().eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
}

/** Makes the descriptor readable, from any thread. @throws SystemCallError */
export function signalEvent(descriptor: number): void {
  if (libc().write(descriptor, ONE, ONE.length) > 0) return
  const errno = lastErrno()
  // The counter is full: the descriptor is readable anyway.
  if (errno !== EAGAIN) throw new SystemCallError(errno, 'write', descriptorName(descriptor))
}

/**
 * Makes the descriptor unreadable again. @returns whether it was readable. @throws SystemCallError
 */
export function clearEvent(descriptor: number): boolean {
  const counter = Buffer.alloc(ONE.length)
  if (libc().read(descriptor, counter, counter.length) > 0) return true
  const errno = lastErrno()
  if (errno === EAGAIN) return false
  throw new SystemCallError(errno, 'read', descriptorName(descriptor))
}
