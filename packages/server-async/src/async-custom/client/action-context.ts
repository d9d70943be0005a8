import type { Connection } from '@h2lab/mini-http2/protocol'
import type { NativeOctets } from '@h2lab/tls-context/native'
import type { Client } from './client'

/** What the actions use from their loop: the time, and buffers shared by all clients. */
export interface ActionContext {
  /** The time of this turn, in whole milliseconds of `performance.now()`. */
  readonly now: number
  /** Whether a diagnostics channel has a subscriber, see `diagnostics`. */
  readonly observed: boolean
  /** Receives what is read from a socket. */
  readonly readBuffer: NativeOctets
  /** Receives what OpenSSL decrypts. */
  readonly plainBuffer: NativeOctets
  /** Holds a short run to encrypt, because the address of this buffer is known. */
  readonly encryptBuffer: NativeOctets
  /** Receives what OpenSSL encrypts, before it is written to a socket. */
  readonly writeBuffer: NativeOctets
  /** Gives the client a connection. Its handshake is done, or it does not use TLS. */
  admit(client: Client): void
  /** Goes on with a connection that awaits a turn. Returns whether it has done all; otherwise it is served later. */
  goOn(client: Client, connection: Connection): boolean
  /** `connection.beginTurn` is to be called when other clients were served. */
  onNearTurnEnd(connection: Connection): void
  /** Ends a client after an error. No action may follow for it. */
  fail(client: Client, error: Error): void
}

/**
 * The size of a read, which is also the largest TLS record. OpenSSL keeps a buffer as large as the largest input it
 * was given, so this bounds the memory of an idle client. A batch of a hundred requests is 4 KiB, so larger reads
 * would only help uploads.
 */
export const READ_LENGTH = 16_384

/**
 * Runs up to this length are copied to a buffer with a known address, which costs less than asking for the address.
 */
export const ENCRYPT_LENGTH = 4096

/** The size of a write: four TLS records. A batch of a hundred small responses fits. */
export const WRITE_LENGTH = 65_536

/**
 * Room for what encryption adds: 22 octets for each record of TLS 1.3, and the session tickets in the first write.
 */
export const WRITE_BUFFER_LENGTH = WRITE_LENGTH + 4096

/** A batch longer than this makes OpenSSL's buffers larger than an idle client should keep. */
export const LARGE_BATCH = 8192

/**
 * How many octets a turn reads from one client, and writes to it, before the next client. Sixteen reads are as much
 * as a socket's receive buffer holds by default, so a client that sends less is never interrupted.
 */
export const READ_ALLOWANCE = 16 * READ_LENGTH
export const WRITE_ALLOWANCE = 8 * WRITE_LENGTH
