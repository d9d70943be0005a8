import { TlsConnectionError } from '../errors'
import { type Pointer, toAddress } from '../foreign/bind'
import { checkLength } from '../foreign/check-length'
import { bioRead, bioWrite } from '../foreign/hot-calls'
import { libssl } from '../foreign/libssl'
import { openSslError } from './error-queue'
import type { NativeTlsContext } from './native-tls-context'
import { TlsConnection } from './tls-connection'

/**
 * A TLS connection over a pair of memory BIOs: the caller moves the encrypted octets between it and a
 * socket, and so decides when that happens and how much at once.
 *
 * ```
 * socket -> feed -> [read BIO]  -> read  -> application
 *        <- take <- [write BIO] <- write <-
 * ```
 */
export class MemoryTlsConnection extends TlsConnection {
  /** Encrypted input, and encrypted output. Freed with the connection. */
  #input: number
  #output: number
  /** What of the encrypted input OpenSSL may still have. */
  #held: 'nothing' | 'one record' | 'unknown' = 'unknown'

  /** @throws OpenSslError if there is no memory, FreedError if the context was freed */
  constructor(context: NativeTlsContext) {
    super(context)
    try {
      const [input, output] = newMemoryPair()
      libssl().SSL_set_bio(this.pointer, input, output)
      this.#input = toAddress(input)
      this.#output = toAddress(output)
      // A record's header and body, and all records of a batch, in one read of the BIO.
      libssl().SSL_set_read_ahead(this.pointer, 1)
    } catch (error) {
      this.free()
      throw error
    }
  }

  /**
   * Gives encrypted octets from the socket, BIO_write(3). All are taken, and copied.
   *
   * @param length how many of the first `octets` are meant, so that the caller needs no view
   * @throws OpenSslError if there is no memory
   */
  feed(octets: Uint8Array, length = octets.length): void {
    this.checkUsable()
    checkLength(octets, length)
    if (length === 0) return
    const count = bioWrite(this.#input, octets, length)
    if (count !== length) throw openSslError('BIO_write')
    const isOne = this.#held === 'nothing' && isOneRecord(octets, length)
    this.#held = isOne ? 'one record' : 'unknown'
  }

  /** As {@link TlsConnection.read}. */
  override read(octets: Uint8Array): number {
    const count = super.read(octets)
    // A read gives one record at most: unless it has filled the array, that was all of it.
    if (this.#held === 'one record') this.#held = count < octets.length ? 'nothing' : 'unknown'
    return count
  }

  /**
   * Whether a read may give more octets. A small request comes as one record, and after it OpenSSL need not
   * be asked; else it has part of the input, and the read BIO what didn't fit.
   */
  override get pending(): boolean {
    if (this.#held === 'nothing') return false
    if (super.pending || this.pendingInput > 0) return true
    this.#held = 'nothing'
    return false
  }

  /**
   * Takes encrypted octets for the socket into the beginning of `octets`, BIO_read(3). After an
   * error too, for then it is the alert that tells the peer.
   *
   * @returns how many; fewer than `octets.length` means that these were all
   */
  take(octets: Uint8Array): number {
    this.checkUsable()
    return Math.max(0, bioRead(this.#output, octets))
  }

  /** How many encrypted octets were fed that OpenSSL hasn't taken, BIO_ctrl_pending(3). */
  get pendingInput(): number {
    this.checkUsable()
    return libssl().BIO_ctrl_pending(this.#input)
  }

  /** How many encrypted octets wait to be taken, BIO_ctrl_pending(3). */
  get pendingOutput(): number {
    this.checkUsable()
    return libssl().BIO_ctrl_pending(this.#output)
  }

  /**
   * Gives the memory of the BIOs back, if they are empty: each keeps what the most octets fed or written at
   * once have needed. For a connection that has become idle; costs about as much as four reads.
   *
   * @throws OpenSslError if there is no memory
   */
  releaseMemory(): void {
    if (this.pendingInput > 0 || this.pendingOutput > 0) return
    const [input, output] = newMemoryPair()
    // These free the earlier ones.
    libssl().SSL_set0_rbio(this.pointer, input)
    libssl().SSL_set0_wbio(this.pointer, output)
    this.#input = toAddress(input)
    this.#output = toAddress(output)
  }

  protected override systemError(): Error {
    return new TlsConnectionError('ERR_SSL_UNKNOWN', 'TLS failed without a reason.')
  }
}

const RECORD_HEADER_LENGTH = 5

/** Whether octets that begin with a record are exactly that one: RFC 8446 section 5.1, the length is behind type and version. */
function isOneRecord(octets: Uint8Array, length: number): boolean {
  if (length < RECORD_HEADER_LENGTH) return false
  const fragment = ((octets[3] as number) << 8) | (octets[4] as number)
  return length === RECORD_HEADER_LENGTH + fragment
}

/** Empty, they say "try again" and not "end": the default of BIO_s_mem(3). @throws OpenSslError */
function newMemoryPair(): readonly [input: Pointer, output: Pointer] {
  const kind = libssl().BIO_s_mem()
  const input = libssl().BIO_new(kind)
  if (input === null) throw openSslError('BIO_new')
  const output = libssl().BIO_new(kind)
  if (output !== null) return [input, output]
  libssl().BIO_free(input)
  throw openSslError('BIO_new')
}
