import { TlsConnectionError } from '../errors'
import { type Pointer, toAddress } from '../foreign/bind'
import { checkLength } from '../foreign/check-length'
import { bioRead, bioWrite } from '../foreign/hot-calls'
import { libssl } from '../foreign/libssl'
import { openSslError } from './error-queue'
import type { NativeTlsContext } from './native-tls-context'
import { TlsConnection } from './tls-connection'

/**
 * A TLS connection over a pair of memory BIOs. The caller moves the encrypted octets between it and
 * a socket, and so controls when and how much is transferred at once.
 *
 * ```
 * socket -> feed -> [read BIO]  -> read  -> application
 *        <- take <- [write BIO] <- write <-
 * ```
 */
export class MemoryTlsConnection extends TlsConnection {
  /** The BIOs for encrypted input and output. They are freed with the connection. */
  #input: number
  #output: number
  /** How much of the encrypted input may still be in OpenSSL. */
  #held: 'nothing' | 'one record' | 'unknown' = 'unknown'

  /** @throws OpenSslError if there is no memory, FreedError if the context was freed */
  constructor(context: NativeTlsContext) {
    super(context)
    try {
      const [input, output] = newMemoryPair()
      libssl().SSL_set_bio(this.pointer, input, output)
      this.#input = toAddress(input)
      this.#output = toAddress(output)
      // Reads a record's header and body, and all records of a batch, from the BIO at once.
      libssl().SSL_set_read_ahead(this.pointer, 1)
    } catch (error) {
      this.free()
      throw error
    }
  }

  /**
   * Passes in encrypted octets from the socket, BIO_write(3). All of them are copied.
   *
   * @param length how many of the first `octets` to use, so that the caller needs no view
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

  /** Same as {@link TlsConnection.read}. */
  override read(octets: Uint8Array): number {
    const count = super.read(octets)
    // A read returns at most one record: unless it has filled the array, that was everything.
    if (this.#held === 'one record') this.#held = count < octets.length ? 'nothing' : 'unknown'
    return count
  }

  /**
   * Whether a read may return more octets. A small request arrives as one record, and after it
   * OpenSSL need not be asked. Otherwise OpenSSL may have part of the input, and the read BIO the
   * rest.
   */
  override get pending(): boolean {
    if (this.#held === 'nothing') return false
    if (super.pending || this.pendingInput > 0) return true
    this.#held = 'nothing'
    return false
  }

  /**
   * Takes encrypted octets for the socket into the start of `octets`, BIO_read(3). After an error
   * this is the alert for the peer.
   *
   * @returns how many; fewer than `octets.length` means that there are no more
   */
  take(octets: Uint8Array): number {
    this.checkUsable()
    return Math.max(0, bioRead(this.#output, octets))
  }

  /** How many encrypted octets were passed in but not read by OpenSSL, BIO_ctrl_pending(3). */
  get pendingInput(): number {
    this.checkUsable()
    return libssl().BIO_ctrl_pending(this.#input)
  }

  /** How many encrypted octets are waiting to be taken, BIO_ctrl_pending(3). */
  get pendingOutput(): number {
    this.checkUsable()
    return libssl().BIO_ctrl_pending(this.#output)
  }

  /**
   * Releases the memory of the BIOs if they are empty. Each one keeps as much as its largest
   * content has needed. For idle connections; costs about as much as four reads.
   *
   * @throws OpenSslError if there is no memory
   */
  releaseMemory(): void {
    if (this.pendingInput > 0 || this.pendingOutput > 0) return
    const [input, output] = newMemoryPair()
    // These calls free the previous BIOs.
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

/**
 * Returns whether octets that begin with a record are exactly one record: RFC 8446 section 5.1, the
 * length follows type and version.
 */
function isOneRecord(octets: Uint8Array, length: number): boolean {
  if (length < RECORD_HEADER_LENGTH) return false
  const fragment = ((octets[3] as number) << 8) | (octets[4] as number)
  return length === RECORD_HEADER_LENGTH + fragment
}

/**
 * When empty, they report "try again" instead of "end": the default of BIO_s_mem(3). @throws
 * OpenSslError
 */
function newMemoryPair(): readonly [input: Pointer, output: Pointer] {
  const kind = libssl().BIO_s_mem()
  const input = libssl().BIO_new(kind)
  if (input === null) throw openSslError('BIO_new')
  const output = libssl().BIO_new(kind)
  if (output !== null) return [input, output]
  libssl().BIO_free(input)
  throw openSslError('BIO_new')
}
