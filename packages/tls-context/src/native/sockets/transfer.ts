import { SystemCallError } from '../errors'
import { checkLength } from '../foreign/check-length'
import { recv, send } from '../foreign/hot-calls'
import { descriptorName, EAGAIN, EINTR, lastErrno, WOULD_BLOCK } from './system-call'

/** A peer that has gone is an error, and not a signal that ends the process; send(2). */
const MSG_NOSIGNAL = 0x4000

/**
 * Hot path. Reads what is there into the beginning of `octets`, recv(2).
 *
 * @param octets not empty
 * @returns how many octets were read; 0 at the end of the input; {@link WOULD_BLOCK} if the descriptor
 *   is in non-blocking mode and nothing is there, or if its receive timeout has passed
 * @throws SystemCallError, such as ECONNRESET
 */
export function readSocket(descriptor: number, octets: Uint8Array): number {
  for (;;) {
    const count = recv(descriptor, octets, 0)
    if (count >= 0) return count
    const errno = lastErrno()
    if (errno === EAGAIN) return WOULD_BLOCK
    if (errno !== EINTR) throw new SystemCallError(errno, 'recv', descriptorName(descriptor))
  }
}

/**
 * Hot path. Writes octets, send(2): all of them, unless the descriptor is in non-blocking mode and its
 * buffer is full, or its send timeout passes.
 *
 * @param length how many of the first `octets` are meant, so that the caller needs no view
 * @returns how many were written; {@link WOULD_BLOCK} instead of 0
 * @throws SystemCallError, such as EPIPE or ECONNRESET; never the signal SIGPIPE
 */
export function writeSocket(
  descriptor: number,
  octets: Uint8Array,
  length = octets.length,
): number {
  checkLength(octets, length)
  let written = 0
  while (written < length) {
    const rest = written === 0 ? octets : octets.subarray(written)
    const count = send(descriptor, rest, length - written, MSG_NOSIGNAL)
    if (count >= 0) {
      written += count
      continue
    }
    const errno = lastErrno()
    if (errno === EAGAIN) return written === 0 ? WOULD_BLOCK : written
    if (errno !== EINTR) throw new SystemCallError(errno, 'send', descriptorName(descriptor))
  }
  return written
}
