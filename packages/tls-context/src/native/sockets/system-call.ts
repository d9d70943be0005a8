import { constants } from 'node:os'
import { SystemCallError } from '../errors'
import { loadKoffi } from '../foreign/koffi'

/** What a call on a descriptor in non-blocking mode returns where it would have to wait (EAGAIN). */
export const WOULD_BLOCK = -1

export const { EAGAIN, EINTR, EINPROGRESS, ENOTCONN } = constants.errno

/** The number of errno(3) that the last call in this thread has left. */
export function lastErrno(): number {
  return loadKoffi().errno()
}

/**
 * Makes a system call that isn't on a hot path; EINTR (a signal came in between) makes it again.
 *
 * @param syscall the call's name, for the error
 * @param subject what it is called on, for the error
 * @throws SystemCallError if it returns a negative number
 */
export function systemCall(syscall: string, subject: string, call: () => number): number {
  for (;;) {
    const result = call()
    if (result >= 0) return result
    const errno = lastErrno()
    if (errno !== EINTR) throw new SystemCallError(errno, syscall, subject)
  }
}

/** What messages call a descriptor. */
export function descriptorName(descriptor: number): string {
  return `descriptor ${descriptor}`
}
