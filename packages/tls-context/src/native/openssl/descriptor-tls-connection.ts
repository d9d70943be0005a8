import { SystemCallError, TlsConnectionError } from '../errors'
import { libssl } from '../foreign/libssl'
import { descriptorName, lastErrno } from '../sockets/system-call'
import { blockBrokenPipeSignal } from './broken-pipe-signal'
import { openSslError } from './error-queue'
import type { NativeTlsContext } from './native-tls-context'
import { type Action, TlsConnection } from './tls-connection'

/**
 * A TLS connection on a socket's descriptor, which OpenSSL reads and writes directly. In blocking
 * mode its calls wait; `WANT_READ` and `WANT_WRITE` then mean that the descriptor's timeout has
 * expired.
 */
export class DescriptorTlsConnection extends TlsConnection {
  readonly #descriptor: number

  /**
   * @param descriptor remains the caller's: freeing the connection doesn't close it
   * @throws OpenSslError if there is no memory, FreedError if the context was freed
   */
  constructor(context: NativeTlsContext, descriptor: number) {
    super(context)
    this.#descriptor = descriptor
    try {
      blockBrokenPipeSignal()
      if (libssl().SSL_set_fd(this.pointer, descriptor) !== 1) throw openSslError('SSL_set_fd')
      // Reads a record's header and body in one system call, with all other available input.
      libssl().SSL_set_read_ahead(this.pointer, 1)
    } catch (error) {
      this.free()
      throw error
    }
  }

  protected override systemError(action: Action): Error {
    const errno = lastErrno()
    if (errno === 0) {
      return new TlsConnectionError('ECONNRESET', `TLS ${action} failed: the client has left.`)
    }
    const call = action === 'write' ? 'write' : 'read'
    return new SystemCallError(errno, call, descriptorName(this.#descriptor))
  }
}
