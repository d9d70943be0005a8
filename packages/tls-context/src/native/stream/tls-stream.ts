import type { OptionNamesOf } from '@h2lab/octets'
import { checkOptionNames } from '../../options'
import { SocketTimeoutError, TlsConnectionError } from '../errors'
import { DescriptorTlsConnection } from '../openssl/descriptor-tls-connection'
import type { NativeTlsContext } from '../openssl/native-tls-context'
import { HANDSHAKE_DONE, type TlsConnection, WANT_READ } from '../openssl/tls-connection'
import { POLL_IN, POLL_OUT, PollSet, waitForDescriptor } from '../sockets/poll'
import { closeDescriptor, shutdownSocket } from '../sockets/socket'
import { setBlocking } from '../sockets/socket-options'
import { EINTR, lastErrno } from '../sockets/system-call'
import type { OctetStream } from './octet-stream'

/** Options of {@link wrapToTls}. */
export interface TlsHandshakeOptions {
  /** Timeout of the whole handshake in milliseconds. Default: 10,000. */
  readonly handshakeTimeout?: number | undefined
}

const HANDSHAKE_OPTIONS: OptionNamesOf<TlsHandshakeOptions> = { handshakeTimeout: true }

/**
 * Longer than any handshake over a bad network, and short for a client that only occupies a place.
 */
const DEFAULT_HANDSHAKE_TIMEOUT = 10_000

/** The maximum content of a TLS record in octets, RFC 8446 section 5.1. */
const LONGEST_RECORD = 16_384

/** The decrypted stream of a TLS connection. */
export class TlsStream implements OctetStream {
  readonly descriptor: number
  /** The connection, for the results of the handshake. */
  readonly connection: TlsConnection
  readonly #room = new PollSet(1)
  #closed = false

  constructor(descriptor: number, connection: TlsConnection) {
    this.descriptor = descriptor
    this.connection = connection
    this.#room.set(0, descriptor, POLL_OUT)
    this.#room.length = 1
  }

  get pending(): boolean {
    return this.connection.pending
  }

  read(octets: Uint8Array): number {
    for (;;) {
      const count = this.connection.read(octets)
      if (count >= 0) return count
      if (lastErrno() !== EINTR) throw new SocketTimeoutError('read', this.descriptor)
    }
  }

  write(octets: Uint8Array): void {
    for (;;) {
      const count = this.connection.write(octets)
      if (count >= 0) return
      if (lastErrno() !== EINTR) throw new SocketTimeoutError('write', this.descriptor)
    }
  }

  /**
   * Writes by records: when poll(2) reports room, the system accepts a whole one. In the rare case
   * that it doesn't, OpenSSL waits for the descriptor's send timeout and keeps the rest.
   */
  writeAtOnce(octets: Uint8Array, offset: number): number {
    let to = offset
    while (to < octets.length && this.#room.wait(0) > 0) {
      const record = octets.subarray(to, to + LONGEST_RECORD)
      if (this.connection.write(record) < 0) break
      to += record.length
    }
    return to - offset
  }

  shutdown(): void {
    this.connection.shutdown()
    shutdownSocket(this.descriptor, 'write')
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.connection.free()
    closeDescriptor(this.descriptor)
  }
}

/**
 * Performs the TLS handshake with a client and returns the decrypted stream. Blocks until the
 * handshake is complete; another thread can end it with {@link shutdownSocket} on the descriptor.
 *
 * @param descriptor of a connected socket in blocking mode. The stream owns it from now on. If this
 *   throws, OpenSSL's objects are freed, but the descriptor stays open and the caller's, so that an
 *   alert isn't cut off
 * @throws TlsConnectionError with code `ERR_TLS_HANDSHAKE_TIMEOUT`, `ECONNRESET` or `ERR_SSL_...`
 * @throws TlsOptionError if an option does not exist
 * @throws SystemCallError if a call on the descriptor failed
 */
export function wrapToTls(
  descriptor: number,
  context: NativeTlsContext,
  options: TlsHandshakeOptions = {},
): TlsStream {
  checkOptionNames(options, HANDSHAKE_OPTIONS)
  const connection = new DescriptorTlsConnection(context, descriptor)
  try {
    makeHandshake(connection, descriptor, options.handshakeTimeout ?? DEFAULT_HANDSHAKE_TIMEOUT)
    return new TlsStream(descriptor, connection)
  } catch (error) {
    connection.free()
    throw error
  }
}

/**
 * Uses non-blocking mode with a deadline: a client that sends an octet now and then could extend a
 * receive timeout forever.
 */
function makeHandshake(connection: TlsConnection, descriptor: number, timeout: number): void {
  setBlocking(descriptor, false)
  try {
    waitForHandshake(connection, descriptor, timeout)
  } finally {
    setBlocking(descriptor, true)
  }
}

function waitForHandshake(connection: TlsConnection, descriptor: number, timeout: number): void {
  const deadline = performance.now() + timeout
  for (;;) {
    const result = connection.handshake()
    if (result === HANDSHAKE_DONE) return
    const events = result === WANT_READ ? POLL_IN : POLL_OUT
    const left = deadline - performance.now()
    if (left <= 0 || waitForDescriptor(descriptor, events, left) === 0) {
      throw new TlsConnectionError(
        'ERR_TLS_HANDSHAKE_TIMEOUT',
        `TLS handshake failed: it was not complete after ${timeout} ms.`,
      )
    }
  }
}
