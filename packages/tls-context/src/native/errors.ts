import { getSystemErrorMap, getSystemErrorName } from 'node:util'

/**
 * The functions of `./native` don't work in this process: the system isn't Linux, the processor has
 * different structure layouts, koffi has no binary, or a function is missing in libc or OpenSSL.
 */
export class NativeUnavailableError extends Error {
  override readonly name = 'NativeUnavailableError'
  /** Stable; identifies the kind of fault. */
  readonly code = 'NATIVE_UNAVAILABLE'
  /** The missing function, such as `SSL_CTX_new`; undefined for other reasons. */
  readonly symbol: string | undefined

  constructor(reason: string, symbol?: string, options?: ErrorOptions) {
    super(
      `Sockets and OpenSSL can't be called directly here: ${reason}. This requires Linux and a Node.js that exports its OpenSSL, such as the builds from nodejs.org.`,
      options,
    )
    this.symbol = symbol
  }
}

/** A text or number isn't valid in a socket address. A mistake of the caller. */
export class SocketAddressError extends Error {
  override readonly name = 'SocketAddressError'
  /** Stable; identifies the kind of fault. */
  readonly code = 'INVALID_SOCKET_ADDRESS'
}

/** A system call failed, for example `EADDRINUSE: bind 127.0.0.1:8443 (address already in use)`. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError'
  /** The name of the error in errno(3), such as `ECONNRESET`. */
  readonly code: string
  /** The number of the error on this system. */
  readonly errno: number
  /** The name of the call, such as `recv`. */
  readonly syscall: string

  /**
   * @param errno the number of errno(3)
   * @param syscall the name of the call
   * @param subject the argument of the call: an address or a descriptor
   */
  constructor(errno: number, syscall: string, subject: string) {
    const [code, text] = describeErrno(errno)
    super(`${code}: ${syscall} ${subject} (${text})`)
    this.code = code
    this.errno = errno
    this.syscall = syscall
  }
}

/** A blocking read or write exceeded the descriptor's timeout (SO_RCVTIMEO, SO_SNDTIMEO). */
export class SocketTimeoutError extends Error {
  override readonly name = 'SocketTimeoutError'
  /** Stable; identifies the kind of fault. */
  readonly code = 'ETIMEDOUT'

  constructor(action: 'read' | 'write', descriptor: number) {
    super(`ETIMEDOUT: ${action} descriptor ${descriptor} (its timeout has passed)`)
  }
}

/**
 * A TLS connection failed: the peer violated the protocol, sent an alert, or has no parameters in
 * common with the server.
 */
export class TlsConnectionError extends Error {
  override readonly name = 'TlsConnectionError'
  /**
   * The code that `node:tls` uses: `ERR_SSL_` and OpenSSL's reason, such as
   * `ERR_SSL_NO_SHARED_CIPHER`; `ERR_TLS_HANDSHAKE_TIMEOUT`; `ECONNRESET` for a peer that left
   * during the handshake.
   */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** OpenSSL refused a call of this side, because of missing memory or an unsupported option. */
export class OpenSslError extends Error {
  override readonly name = 'OpenSslError'
  /** `ERR_SSL_` or `ERR_OSSL_` and OpenSSL's reason. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** A connection or context was used after it was freed. A mistake of the caller. */
export class FreedError extends Error {
  override readonly name = 'FreedError'
  /** Stable; identifies the kind of fault. */
  readonly code = 'NATIVE_FREED'

  constructor(what: string) {
    super(`${what} was freed and can't be used any more.`)
  }
}

function describeErrno(errno: number): readonly [code: string, text: string] {
  return getSystemErrorMap().get(-errno) ?? [getSystemErrorName(-errno), 'unknown error']
}
