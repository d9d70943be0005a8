import { libc } from '../foreign/libc'
import { descriptorName, systemCall } from './system-call'

const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const SO_ERROR = 4
const SO_KEEPALIVE = 9
const SO_REUSEPORT = 15
const SO_RCVTIMEO = 20
const SO_SNDTIMEO = 21
const IPPROTO_TCP = 6
const TCP_NODELAY = 1
const TCP_KEEPIDLE = 4
const TCP_KEEPINTVL = 5
const TCP_KEEPCNT = 6
const FIONBIO = 0x5421

/** Probes may get lost on a bad network: a peer that answers one of three is alive. */
const KEEP_ALIVE_PROBES = 3
/** The maximum times of tcp(7), in seconds. */
const LONGEST_KEEP_ALIVE = 32_767

/**
 * Sends small pieces immediately instead of waiting for more: TCP_NODELAY, tcp(7). @throws
 * SystemCallError
 */
export function setNoDelay(descriptor: number, on: boolean): void {
  setFlag(descriptor, IPPROTO_TCP, TCP_NODELAY, on)
}

/**
 * Probes a silent peer to detect that it has lost its network: SO_KEEPALIVE, TCP_KEEPIDLE,
 * TCP_KEEPINTVL and TCP_KEEPCNT, tcp(7). If it doesn't answer, a call on the descriptor fails with
 * ETIMEDOUT. Clients inherit the option from their listening socket.
 *
 * The system counts whole seconds; shorter times become one second.
 *
 * @param idle milliseconds of silence after which the peer is probed; Infinity for never
 * @param timeout milliseconds for the peer to answer one of three probes
 * @throws SystemCallError
 */
export function setKeepAlive(descriptor: number, idle: number, timeout: number): void {
  const on = idle !== Number.POSITIVE_INFINITY
  setFlag(descriptor, SOL_SOCKET, SO_KEEPALIVE, on)
  if (!on) return
  setNumber(descriptor, TCP_KEEPIDLE, toSeconds(idle))
  setNumber(descriptor, TCP_KEEPINTVL, toSeconds(timeout / KEEP_ALIVE_PROBES))
  setNumber(descriptor, TCP_KEEPCNT, KEEP_ALIVE_PROBES)
}

/**
 * Allows binding a port whose previous connections are still closing: SO_REUSEADDR, socket(7).
 * @throws SystemCallError
 */
export function setReuseAddress(descriptor: number, on: boolean): void {
  setFlag(descriptor, SOL_SOCKET, SO_REUSEADDR, on)
}

/**
 * Allows several sockets to listen on one port: SO_REUSEPORT, socket(7). @throws SystemCallError
 */
export function setReusePort(descriptor: number, on: boolean): void {
  setFlag(descriptor, SOL_SOCKET, SO_REUSEPORT, on)
}

/**
 * Sets the timeout of a blocking read or accept: SO_RCVTIMEO, socket(7).
 *
 * @param milliseconds 0 for no timeout
 * @throws SystemCallError
 */
export function setReceiveTimeout(descriptor: number, milliseconds: number): void {
  setTimeoutOption(descriptor, SO_RCVTIMEO, milliseconds)
}

/**
 * Sets the timeout of a blocking write: SO_SNDTIMEO, socket(7).
 *
 * @param milliseconds 0 for no timeout
 * @throws SystemCallError
 */
export function setSendTimeout(descriptor: number, milliseconds: number): void {
  setTimeoutOption(descriptor, SO_SNDTIMEO, milliseconds)
}

/** Sets whether calls on the descriptor block. @throws SystemCallError */
export function setBlocking(descriptor: number, blocking: boolean): void {
  const value = integer(blocking ? 0 : 1)
  const subject = descriptorName(descriptor)
  systemCall('ioctl', subject, () => libc().ioctl(descriptor, FIONBIO, value))
}

/**
 * Returns and clears the pending error of a socket: SO_ERROR, socket(7).
 *
 * @returns a number of errno(3); 0 if there is none
 * @throws SystemCallError
 */
export function pendingError(descriptor: number): number {
  const value = integer(0)
  const length = integer(value.length)
  const subject = descriptorName(descriptor)
  systemCall('getsockopt', subject, () =>
    libc().getsockopt(descriptor, SOL_SOCKET, SO_ERROR, value, length),
  )
  return value.readInt32LE()
}

function toSeconds(milliseconds: number): number {
  return Math.min(Math.max(1, Math.ceil(milliseconds / 1000)), LONGEST_KEEP_ALIVE)
}

function setNumber(descriptor: number, option: number, value: number): void {
  setOption(descriptor, IPPROTO_TCP, option, integer(value))
}

function setFlag(descriptor: number, level: number, option: number, on: boolean): void {
  setOption(descriptor, level, option, integer(on ? 1 : 0))
}

function setTimeoutOption(descriptor: number, option: number, milliseconds: number): void {
  // A struct timeval: 64-bit seconds and microseconds.
  const value = Buffer.alloc(16)
  value.writeBigInt64LE(BigInt(Math.floor(milliseconds / 1000)), 0)
  value.writeBigInt64LE(BigInt(Math.round((milliseconds % 1000) * 1000)), 8)
  setOption(descriptor, SOL_SOCKET, option, value)
}

function setOption(descriptor: number, level: number, option: number, value: Uint8Array): void {
  systemCall('setsockopt', descriptorName(descriptor), () =>
    libc().setsockopt(descriptor, level, option, value, value.length),
  )
}

function integer(value: number): Buffer {
  const octets = Buffer.alloc(4)
  octets.writeInt32LE(value)
  return octets
}
