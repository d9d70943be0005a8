import { SystemCallError } from '../errors'
import { checkLength } from '../foreign/check-length'
import { recv, send } from '../foreign/hot-calls'
import { descriptorName, EAGAIN, EINTR, lastErrno, WOULD_BLOCK } from './system-call'

/** A peer that has gone causes an error instead of a signal that ends the process; send(2). */
const MSG_NOSIGNAL = 0x4000
/** The call doesn't block, whatever the descriptor's mode is. */
const MSG_DONTWAIT = 0x40

/**
 * Reads available input into the start of `octets`, recv(2).
 *
 * @param octets not empty
 * @returns how many octets were read; 0 at the end of the input; {@link WOULD_BLOCK} if the
 *   descriptor is non-blocking and there is no input, or its receive timeout has expired
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
 * Writes octets, send(2): all of them, unless the descriptor is non-blocking and its buffer is
 * full, or its send timeout expires.
 *
 * @param length how many of the first `octets` to use, so that the caller needs no view
 * @returns how many were written; {@link WOULD_BLOCK} instead of 0
 * @throws SystemCallError, such as EPIPE or ECONNRESET; never raises SIGPIPE
 */
export function writeSocket(
  descriptor: number,
  octets: Uint8Array,
  length = octets.length,
): number {
  checkLength(octets, length)
  const written = sendAll(descriptor, octets, length, MSG_NOSIGNAL)
  return written === 0 && length > 0 ? WOULD_BLOCK : written
}

/**
 * Writes as many octets as the socket accepts without waiting, send(2), even in blocking mode.
 *
 * @returns how many were written
 * @throws SystemCallError, such as EPIPE or ECONNRESET; never raises SIGPIPE
 */
export function writeSocketAtOnce(descriptor: number, octets: Uint8Array): number {
  return sendAll(descriptor, octets, octets.length, MSG_NOSIGNAL | MSG_DONTWAIT)
}

function sendAll(descriptor: number, octets: Uint8Array, length: number, flags: number): number {
  let written = 0
  while (written < length) {
    const rest = written === 0 ? octets : octets.subarray(written)
    const count = send(descriptor, rest, length - written, flags)
    if (count >= 0) {
      written += count
      continue
    }
    const errno = lastErrno()
    if (errno === EAGAIN) return written
    if (errno !== EINTR) throw new SystemCallError(errno, 'send', descriptorName(descriptor))
  }
  return written
}
