import { isIP } from 'node:net'
import { SocketAddressError } from '../errors'
import { libc } from '../foreign/libc'
import { descriptorName, systemCall } from './system-call'

/** The address of a socket. Resolve host names with `node:dns` first. */
export interface SocketAddress {
  /** An IPv4 or IPv6 address as text, the latter with a zone if necessary: `fe80::1%eth0`. */
  readonly address: string
  /** From 0 to 65535; with 0 the system chooses one. */
  readonly port: number
}

/** The size of the longest supported address, `struct sockaddr_in6`. */
export const SOCKET_ADDRESS_OCTETS = 28

export const AF_INET = 2
export const AF_INET6 = 10

/**
 * The size of an IPv4 address, and of an IPv6 address's longest text with its terminating zero,
 * inet_ntop(3).
 */
const IPV4_OCTETS = 16
const TEXT_OCTETS = 46

/** Returns the address to which a socket is bound. @throws SystemCallError */
export function localAddress(descriptor: number): SocketAddress {
  return askForAddress('getsockname', descriptor)
}

/**
 * Returns the address of a connected socket's peer. @throws SystemCallError, ENOTCONN if it has
 * gone
 */
export function peerAddress(descriptor: number): SocketAddress {
  return askForAddress('getpeername', descriptor)
}

function askForAddress(call: 'getsockname' | 'getpeername', descriptor: number): SocketAddress {
  const octets = Buffer.alloc(SOCKET_ADDRESS_OCTETS)
  const length = addressLength(octets)
  systemCall(call, descriptorName(descriptor), () => libc()[call](descriptor, octets, length))
  return decodeAddress(octets)
}

/**
 * The length of the address as the calls require it: memory that they read, and to which they write
 * the actual length.
 */
export function addressLength(octets: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(octets.length)
  return length
}

/** Formats an address for messages: `127.0.0.1:8443`, `[::1]:8443`. */
export function formatAddress({ address, port }: SocketAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/**
 * Returns the address family for socket(2). @throws SocketAddressError if the address is invalid
 */
export function addressFamily({ address, port }: SocketAddress): number {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SocketAddressError(`A port must be an integer from 0 to 65535, not ${port}.`)
  }
  const version = isIP(address)
  if (version === 0) {
    throw new SocketAddressError(
      `"${address}" isn't an IPv4 or IPv6 address. Resolve host names first.`,
    )
  }
  return version === 4 ? AF_INET : AF_INET6
}

/**
 * Encodes a `struct sockaddr_in` of ip(7) or `struct sockaddr_in6` of ipv6(7). @throws
 * SocketAddressError
 */
export function encodeAddress(socketAddress: SocketAddress): Uint8Array {
  const family = addressFamily(socketAddress)
  const octets = Buffer.alloc(family === AF_INET ? IPV4_OCTETS : SOCKET_ADDRESS_OCTETS)
  octets.writeUInt16LE(family, 0)
  octets.writeUInt16BE(socketAddress.port, 2)
  const [address = '', zone] = socketAddress.address.split('%')
  libc().inet_pton(family, address, octets.subarray(family === AF_INET ? 4 : 8))
  if (zone !== undefined) octets.writeUInt32LE(zoneIndex(zone), 24)
  return octets
}

/** Decodes an address written by {@link encodeAddress} or the system. */
export function decodeAddress(octets: Uint8Array): SocketAddress {
  const fields = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  const family = fields.readUInt16LE(0)
  const text = Buffer.alloc(TEXT_OCTETS)
  const from = fields.subarray(family === AF_INET ? 4 : 8)
  const address = libc().inet_ntop(family, from, text, text.length) ?? 'unknown'
  return { address, port: fields.readUInt16BE(2) }
}

function zoneIndex(zone: string): number {
  const index = /^\d+$/.test(zone) ? Number(zone) : libc().if_nametoindex(zone)
  if (index === 0) throw new SocketAddressError(`There is no network interface "${zone}".`)
  return index
}
