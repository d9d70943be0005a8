import type { NativeOctets } from '@h2lab/tls-context/native'
import type { Client } from './client'

/** What the actions use of their loop: buffers that all clients share, and the time. */
export interface ActionContext {
  /** The time of this turn, in whole milliseconds of `performance.now()`. */
  readonly now: number
  /** Whether somebody subscribes to what the loop does, see `diagnostics`. */
  readonly observed: boolean
  /** What is read from a socket. */
  readonly readBuffer: NativeOctets
  /** What OpenSSL has decrypted. */
  readonly plainBuffer: NativeOctets
  /** A short run to encrypt, for its address is known. */
  readonly encryptBuffer: NativeOctets
  /** What OpenSSL has encrypted, on its way to a socket. */
  readonly writeBuffer: NativeOctets
  /** The client's handshake is done, or there is none: gives it a connection. */
  admit(client: Client): void
  /** A client is lost; nothing is possible for it afterwards. */
  fail(client: Client, error: Error): void
}

/**
 * What is read at a time, and the most a TLS record holds. OpenSSL's buffer of a client keeps the size of
 * the most octets it was fed at once, so this bounds an idle client's memory; a batch of a hundred
 * requests is 4 KiB, and a larger read would only matter to uploads.
 */
export const READ_LENGTH = 16_384

/** A run up to this length is copied to where its address is known: that costs less than to ask for the address. */
export const ENCRYPT_LENGTH = 4096

/** What is encrypted and written at a time: four records. A batch of a hundred small responses fits. */
export const WRITE_LENGTH = 65_536

/** What encryption may add to that: 22 octets for each record of TLS 1.3; session tickets come first. */
export const WRITE_BUFFER_LENGTH = WRITE_LENGTH + 4096

/** A batch above this many octets makes OpenSSL's buffers larger than an idle client should keep. */
export const LARGE_BATCH = 8192

/**
 * How many octets of one client a turn reads, and writes, before others have theirs. Sixteen reads:
 * as much as a socket's receive buffer holds by default. A client that stays below notices nothing.
 */
export const READ_ALLOWANCE = 16 * READ_LENGTH
export const WRITE_ALLOWANCE = 8 * WRITE_LENGTH
