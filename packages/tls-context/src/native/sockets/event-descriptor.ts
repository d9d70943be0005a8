import { SystemCallError } from '../errors'
import { libc } from '../foreign/libc'
import { descriptorName, EAGAIN, lastErrno, systemCall } from './system-call'

const EFD_CLOEXEC = 0o2000000
const EFD_NONBLOCK = 0o4000

/** One event, as a counter of 64 bits. */
const ONE = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])

/**
 * Makes a descriptor that wakes another thread's poll or epoll, eventfd(2): it becomes readable by
 * {@link signalEvent}. The other thread gets its number. The caller closes it, once neither uses it.
 *
 * @throws SystemCallError
 */
export function createEventDescriptor(): number {
  return systemCall('eventfd', '', () => libc().eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
}

/** Makes it readable, from any thread. @throws SystemCallError */
export function signalEvent(descriptor: number): void {
  if (libc().write(descriptor, ONE, ONE.length) > 0) return
  const errno = lastErrno()
  // The counter is full: it is readable in any case.
  if (errno !== EAGAIN) throw new SystemCallError(errno, 'write', descriptorName(descriptor))
}

/** Makes it unreadable again. @returns whether it was readable. @throws SystemCallError */
export function clearEvent(descriptor: number): boolean {
  const counter = Buffer.alloc(ONE.length)
  if (libc().read(descriptor, counter, counter.length) > 0) return true
  const errno = lastErrno()
  if (errno === EAGAIN) return false
  throw new SystemCallError(errno, 'read', descriptorName(descriptor))
}
