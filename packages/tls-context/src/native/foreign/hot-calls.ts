import { bindLazily } from './bind'
import { libc } from './libc'
import { libssl } from './libssl'
import type { NativeOctets } from './native-octets'

/*
 * The calls that each request makes. NativeOctets are passed by their known address.
 */

const byAddress = bindLazily({
  epoll_wait: ['int', 'int', 'uintptr_t', 'int', 'int'],
  recv: ['intptr_t', 'int', 'uintptr_t', 'size_t', 'int'],
  send: ['intptr_t', 'int', 'uintptr_t', 'size_t', 'int'],
  BIO_read: ['int', 'uintptr_t', 'uintptr_t', 'int'],
  BIO_write: ['int', 'uintptr_t', 'uintptr_t', 'int'],
  SSL_read: ['int', 'uintptr_t', 'uintptr_t', 'int'],
  SSL_write: ['int', 'uintptr_t', 'uintptr_t', 'int'],
})

/** epoll_wait(2) for up to `capacity` events, which are written to `address`. */
export function epollWait(
  descriptor: number,
  address: number,
  capacity: number,
  timeout: number,
): number {
  return byAddress().epoll_wait(descriptor, address, capacity, timeout)
}

/** Costs one load. `instanceof` costs as much as a call. */
function addressOf(octets: Uint8Array | NativeOctets): number | undefined {
  return (octets as Partial<NativeOctets>).address
}

/** recv(2). */
export function recv(descriptor: number, octets: Uint8Array, flags: number): number {
  const { length } = octets
  const address = addressOf(octets)
  return address === undefined
    ? libc().recv(descriptor, octets, length, flags)
    : byAddress().recv(descriptor, address, length, flags)
}

/** send(2) of `length` octets. */
export function send(
  descriptor: number,
  octets: Uint8Array,
  length: number,
  flags: number,
): number {
  const address = addressOf(octets)
  return address === undefined
    ? libc().send(descriptor, octets, length, flags)
    : byAddress().send(descriptor, address, length, flags)
}

/** BIO_read(3). */
export function bioRead(bio: number, octets: Uint8Array): number {
  const { length } = octets
  const address = addressOf(octets)
  return address === undefined
    ? libssl().BIO_read(bio, octets, length)
    : byAddress().BIO_read(bio, address, length)
}

/** BIO_write(3) of `length` octets. */
export function bioWrite(bio: number, octets: Uint8Array, length: number): number {
  const address = addressOf(octets)
  return address === undefined
    ? libssl().BIO_write(bio, octets, length)
    : byAddress().BIO_write(bio, address, length)
}

/** SSL_read(3). */
export function sslRead(ssl: number, octets: Uint8Array): number {
  const { length } = octets
  const address = addressOf(octets)
  return address === undefined
    ? libssl().SSL_read(ssl, octets, length)
    : byAddress().SSL_read(ssl, address, length)
}

/** SSL_write(3) of `length` octets. */
export function sslWrite(ssl: number, octets: Uint8Array, length: number): number {
  const address = addressOf(octets)
  return address === undefined
    ? libssl().SSL_write(ssl, octets, length)
    : byAddress().SSL_write(ssl, address, length)
}
