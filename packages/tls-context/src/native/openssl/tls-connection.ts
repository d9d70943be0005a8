import { X509Certificate } from 'node:crypto'
import { FreedError, TlsConnectionError } from '../errors'
import { type Pointer, toAddress } from '../foreign/bind'
import { checkLength } from '../foreign/check-length'
import { sslRead, sslWrite } from '../foreign/hot-calls'
import { libssl } from '../foreign/libssl'
import {
  clearErrorQueue,
  connectionError,
  openSslError,
  type QueuedErrors,
  takeQueuedErrors,
} from './error-queue'
import { SSL_CTRL_CLEAR_MODE, SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS } from './modes'
import type { NativeTlsContext } from './native-tls-context'
import { certificateText } from './pem'
import type { TlsObjects } from './tls-objects'

/** The call must be repeated when there is more encrypted input: SSL_ERROR_WANT_READ. */
export const WANT_READ = -1
/** The call must be repeated when encrypted output can be written: SSL_ERROR_WANT_WRITE. */
export const WANT_WRITE = -2
/** The result of {@link TlsConnection.handshake} when it is complete. */
export const HANDSHAKE_DONE = 1

/** What a call waits for. */
export type Want = typeof WANT_READ | typeof WANT_WRITE

const SSL_ERROR_WANT_READ = 2
const SSL_ERROR_WANT_WRITE = 3
const SSL_ERROR_SYSCALL = 5
const SSL_ERROR_ZERO_RETURN = 6

const X509_V_OK = 0

/**
 * A server's TLS connection, OpenSSL's `SSL`. It belongs to the thread of its context.
 *
 * After an error it can only be freed, and its last output, the alert, can be sent: all other calls
 * throw the same error. Always call {@link free} when the connection has ended.
 */
export abstract class TlsConnection {
  #ssl: Pointer | null
  /** The address as a number, for hot paths; 0 after it was freed. */
  #address: number
  #failure: Error | undefined
  readonly #objects: TlsObjects | undefined
  readonly #place: number | undefined

  protected constructor(context: NativeTlsContext) {
    clearErrorQueue()
    const ssl = libssl().SSL_new(context.pointer)
    if (ssl === null) throw openSslError('SSL_new')
    libssl().SSL_set_accept_state(ssl)
    this.#ssl = ssl
    this.#address = toAddress(ssl)
    this.#objects = context.objects
    this.#place = this.#objects?.add('connection', ssl)
  }

  /** The `SSL *`. @throws FreedError */
  protected get pointer(): Pointer {
    return this.#ssl ?? freed()
  }

  /** Prevents OpenSSL from reading freed memory. @throws FreedError */
  protected checkUsable(): void {
    if (this.#address === 0) freed()
  }

  #usableAddress(): number {
    if (this.#address === 0) freed()
    if (this.#failure !== undefined) throw this.#failure
    return this.#address
  }

  /**
   * Continues the handshake, SSL_do_handshake(3).
   *
   * @returns {@link HANDSHAKE_DONE}, or what it waits for
   * @throws TlsConnectionError; SystemCallError if a call on the descriptor failed
   */
  handshake(): typeof HANDSHAKE_DONE | Want {
    const ssl = this.pointer
    if (this.#failure !== undefined) throw this.#failure
    clearErrorQueue()
    const result = libssl().SSL_do_handshake(ssl)
    if (result === 1) return HANDSHAKE_DONE
    const outcome = this.#outcome(ssl, result, 'handshake')
    if (outcome !== 0) return outcome
    throw this.#fail(
      new TlsConnectionError('ECONNRESET', 'TLS handshake failed: the client has left.'),
    )
  }

  /**
   * Reads decrypted octets into the start of `octets`, SSL_read(3): at most one record, 16,384
   * octets. Continues an unfinished handshake.
   *
   * @param octets not empty
   * @returns how many octets were read; 0 at the end of the input; or {@link WANT_READ}, {@link
   *   WANT_WRITE}
   * @throws TlsConnectionError; SystemCallError if a call on the descriptor failed
   */
  read(octets: Uint8Array): number {
    const address = this.#usableAddress()
    const count = sslRead(address, octets)
    return count > 0 ? count : this.#outcome(this.pointer, count, 'read')
  }

  /**
   * Encrypts octets, SSL_write(3). If it returns what it waits for, pass the same octets again.
   *
   * @param length how many of the first `octets` to use, so that the caller needs no view
   * @returns `length`, or {@link WANT_READ}, {@link WANT_WRITE}
   * @throws TlsConnectionError; SystemCallError if a call on the descriptor failed
   */
  write(octets: Uint8Array, length = octets.length): number {
    const address = this.#usableAddress()
    checkLength(octets, length)
    if (length === 0) return 0
    const count = sslWrite(address, octets, length)
    if (count > 0) return count
    const outcome = this.#outcome(this.pointer, count, 'write')
    if (outcome !== 0) return outcome
    throw this.#fail(new TlsConnectionError('EPIPE', 'TLS write failed: the client has left.'))
  }

  /** Whether OpenSSL has input that wasn't read yet, encrypted or not, SSL_has_pending(3). */
  get pending(): boolean {
    this.checkUsable()
    return libssl().SSL_has_pending(this.#address) === 1
  }

  /**
   * Keeps OpenSSL's record buffers, 33 KiB, between records. Otherwise they are allocated for each
   * record (`SSL_MODE_RELEASE_BUFFERS`). For busy connections; affects only time and memory.
   */
  keepBuffers(): void {
    libssl().SSL_ctrl(this.pointer, SSL_CTRL_CLEAR_MODE, SSL_MODE_RELEASE_BUFFERS, null)
  }

  /**
   * Reverts {@link keepBuffers}: releases the buffers now, SSL_free_buffers(3), and after each
   * record. A buffer with unread octets is released when they were read.
   */
  releaseBuffers(): void {
    const ssl = this.pointer
    libssl().SSL_ctrl(ssl, SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS, null)
    libssl().SSL_free_buffers(ssl)
  }

  /**
   * Sends the alert close_notify, SSL_shutdown(3), and doesn't wait for the peer's. Does nothing
   * before the end of the handshake or after an error, when TLS doesn't allow it.
   */
  shutdown(): void {
    if (this.#ssl === null || this.#failure !== undefined) return
    if (libssl().SSL_is_init_finished(this.#ssl) !== 1) return
    // The peer may have gone, or its window may be full: the connection ends anyway.
    if (libssl().SSL_shutdown(this.#ssl) < 0) clearErrorQueue()
  }

  /**
   * Frees the connection and its BIOs, SSL_free(3), but closes no descriptor. May be called
   * repeatedly.
   */
  free(): void {
    if (this.#ssl === null) return
    this.#objects?.remove(this.#place)
    libssl().SSL_free(this.#ssl)
    this.#ssl = null
    this.#address = 0
  }

  /** Whether a session of an earlier connection was resumed, SSL_session_reused(3). */
  get sessionReused(): boolean {
    return libssl().SSL_session_reused(this.pointer) === 1
  }

  /** The protocol selected by ALPN, `h2`; undefined if the client doesn't use ALPN. */
  get alpnProtocol(): string | undefined {
    const name = Buffer.alloc(8)
    const length = Buffer.alloc(4)
    libssl().SSL_get0_alpn_selected(this.pointer, name, length)
    // selectH2 selects no other protocol.
    return length.readUInt32LE() === 0 ? undefined : 'h2'
  }

  /** The version of TLS, such as `TLSv1.3`. */
  get version(): string {
    return libssl().SSL_get_version(this.pointer) ?? 'unknown'
  }

  /** The cipher suite's OpenSSL name; undefined until the handshake has selected one. */
  get cipherSuite(): string | undefined {
    const suite = libssl().SSL_get_current_cipher(this.pointer)
    return suite === null ? undefined : (libssl().SSL_CIPHER_get_name(suite) ?? undefined)
  }

  /** The client's certificate; undefined if it has sent none. @throws OpenSslError */
  get peerCertificate(): X509Certificate | undefined {
    const certificate = libssl().SSL_get1_peer_certificate(this.pointer)
    if (certificate === null) return undefined
    try {
      return new X509Certificate(certificateText(certificate))
    } finally {
      libssl().X509_free(certificate)
    }
  }

  /** Whether the client has sent a certificate signed by the context's authorities. */
  get authorized(): boolean {
    const verified = libssl().SSL_get_verify_result(this.pointer) === X509_V_OK
    return verified && this.peerCertificate !== undefined
  }

  /** The error for a failed system call inside OpenSSL. */
  protected abstract systemError(action: Action): Error

  /** Interprets the result of an unsuccessful call, SSL_get_error(3). 0 is the end of the input. */
  #outcome(ssl: Pointer, result: number, action: Action): Want | 0 {
    const outcome = decode(libssl().SSL_get_error(ssl, result))
    if (typeof outcome === 'number') return outcome
    const errors = takeQueuedErrors()
    if (errors?.ofTls === true) throw this.#fail(connectionError(action, errors))
    // SSL_get_error checks the thread's queue first, which may contain errors of another use of
    // OpenSSL in this thread, such as node:crypto. The queue is empty now, so this result is about
    // our call.
    const second = decode(libssl().SSL_get_error(ssl, result))
    if (typeof second === 'number') return second
    throw this.#fail(this.#unexplained(second, action, errors))
  }

  #unexplained(reason: 'system-call' | 'other', action: Action, errors?: QueuedErrors): Error {
    if (errors !== undefined) return connectionError(action, errors)
    if (reason === 'system-call') return this.systemError(action)
    return new TlsConnectionError('ERR_SSL_UNKNOWN', `TLS ${action} failed without a reason.`)
  }

  #fail(error: Error): Error {
    this.#failure = error
    return error
  }
}

/** The current operation of a connection, for messages. */
export type Action = 'handshake' | 'read' | 'write'

function decode(error: number): Want | 0 | 'system-call' | 'other' {
  switch (error) {
    case SSL_ERROR_WANT_READ:
      return WANT_READ
    case SSL_ERROR_WANT_WRITE:
      return WANT_WRITE
    case SSL_ERROR_ZERO_RETURN:
      return 0
    case SSL_ERROR_SYSCALL:
      return 'system-call'
    default:
      return 'other'
  }
}

function freed(): never {
  throw new FreedError('The TLS connection')
}
