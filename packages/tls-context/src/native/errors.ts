import { getSystemErrorMap, getSystemErrorName } from 'node:util'

/**
 * The functions of `./native` can't work in this process: another system than Linux, a processor whose
 * structures are laid out differently, no binary of koffi, or a libc or OpenSSL without a function.
 */
export class NativeUnavailableError extends Error {
  override readonly name = 'NativeUnavailableError'
  /** Stable; says what kind of fault it is. */
  readonly code = 'NATIVE_UNAVAILABLE'
  /** The function that is missing, such as `SSL_CTX_new`; undefined if it isn't about one. */
  readonly symbol: string | undefined

  constructor(reason: string, symbol?: string, options?: ErrorOptions) {
    super(
      `Sockets and OpenSSL can't be called directly here: ${reason}. They can on Linux with a Node.js that exports its OpenSSL, as those of nodejs.org do.`,
      options,
    )
    this.symbol = symbol
  }
}

/** A text or number isn't an address a socket can have. The caller's fault. */
export class SocketAddressError extends Error {
  override readonly name = 'SocketAddressError'
  /** Stable; says what kind of fault it is. */
  readonly code = 'INVALID_SOCKET_ADDRESS'
}

/** A system call failed, as `EADDRINUSE: bind 127.0.0.1:8443 (address already in use)`. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError'
  /** The error's name as of errno(3), such as `ECONNRESET`. */
  readonly code: string
  /** The error's number on this system. */
  readonly errno: number
  /** The call's name, such as `recv`. */
  readonly syscall: string

  /**
   * @param errno the number of errno(3)
   * @param syscall the call's name
   * @param subject what it was called on: an address or a descriptor
   */
  constructor(errno: number, syscall: string, subject: string) {
    const [code, text] = describeErrno(errno)
    super(`${code}: ${syscall} ${subject} (${text})`)
    this.code = code
    this.errno = errno
    this.syscall = syscall
  }
}

/** A blocking read or write took longer than the descriptor's timeout (SO_RCVTIMEO, SO_SNDTIMEO). */
export class SocketTimeoutError extends Error {
  override readonly name = 'SocketTimeoutError'
  /** Stable; says what kind of fault it is. */
  readonly code = 'ETIMEDOUT'

  constructor(action: 'read' | 'write', descriptor: number) {
    super(`ETIMEDOUT: ${action} descriptor ${descriptor} (its timeout has passed)`)
  }
}

/**
 * A TLS connection failed: its peer broke the protocol, sent an alert, or has nothing in common with
 * this side.
 */
export class TlsConnectionError extends Error {
  override readonly name = 'TlsConnectionError'
  /**
   * What went wrong, as `node:tls` names it: `ERR_SSL_` and OpenSSL's reason, such as
   * `ERR_SSL_NO_SHARED_CIPHER`; `ERR_TLS_HANDSHAKE_TIMEOUT`; `ECONNRESET` for a peer that left in the
   * handshake.
   */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** OpenSSL refused a call that this side made: no memory, or an option it does not have. */
export class OpenSslError extends Error {
  override readonly name = 'OpenSslError'
  /** `ERR_SSL_` or `ERR_OSSL_` and OpenSSL's reason. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** A connection or context was used after it had been freed. The caller's fault. */
export class FreedError extends Error {
  override readonly name = 'FreedError'
  /** Stable; says what kind of fault it is. */
  readonly code = 'NATIVE_FREED'

  constructor(what: string) {
    super(`${what} was freed and can't be used any more.`)
  }
}

function describeErrno(errno: number): readonly [code: string, text: string] {
  return getSystemErrorMap().get(-errno) ?? [getSystemErrorName(-errno), 'unknown error']
}
