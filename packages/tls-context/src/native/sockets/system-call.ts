import { constants } from 'node:os'
import { SystemCallError } from '../errors'
import { loadKoffi } from '../foreign/koffi'

/** The result of a call on a non-blocking descriptor that would have to wait (EAGAIN). */
export const WOULD_BLOCK = -1

export const { EAGAIN, EINTR, EINPROGRESS, ENOTCONN } = constants.errno

/** Returns the number of errno(3) that the last call in this thread has set. */
export function lastErrno(): number {
  return loadKoffi().errno()
}

/**
 * Makes a system call that isn't on a hot path. Repeats it after EINTR (a signal).
 *
 * @param syscall the name of the call, for the error
 * @param subject the argument of the call, for the error
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

/** The name of a descriptor in messages. */
export function descriptorName(descriptor: number): string {
  return `descriptor ${descriptor}`
}
