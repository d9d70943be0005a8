/** A {@link TlsCredentialsError}'s code. */
export type TlsCredentialsErrorCode =
  /** A certificate or key file is missing, is a folder, or may not be read. */
  | 'TLS_FILE_UNREADABLE'
  /** The text or file holds no PEM block of the kind wanted there (RFC 7468). */
  | 'TLS_NOT_PEM'
  /** There is a certificate's PEM block, but what is inside isn't an X.509 certificate. */
  | 'TLS_CERTIFICATE_INVALID'
  /** There is a private key's PEM block, but what is inside isn't a private key. */
  | 'TLS_KEY_INVALID'
  /** The private key is encrypted and no passphrase was given. */
  | 'TLS_PASSPHRASE_REQUIRED'
  /** The passphrase doesn't open the private key. */
  | 'TLS_PASSPHRASE_WRONG'
  /** The private key isn't the one the certificate was made for. */
  | 'TLS_KEY_MISMATCH'
  /** Certificate and key belong together, but OpenSSL won't use them: a short key, for instance. */
  | 'TLS_CREDENTIALS_REFUSED'

/**
 * A fault of the set-up: the certificate or the key that the server was given can't be used.
 * The message names the file or text at fault and says what would be right.
 */
export class TlsCredentialsError extends Error {
  override readonly name = 'TlsCredentialsError'
  /** Stable; says what kind of fault it is. */
  readonly code: TlsCredentialsErrorCode

  constructor(code: TlsCredentialsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A {@link TlsOptionError}'s code. */
export type TlsOptionErrorCode =
  /** An option does not exist, or its value can't be; the message names it and what it may be. */
  | 'INVALID_OPTION'
  /** `ciphers` names a TLS 1.2 cipher suite that RFC 9113 appendix A forbids. */
  | 'TLS_CIPHER_PROHIBITED'
  /** `ciphers` names something that could never be negotiated here, or nothing at all. */
  | 'TLS_CIPHER_UNUSABLE'

/** The caller's own fault: an option does not exist, or asks for what HTTP/2 over TLS can't have. */
export class TlsOptionError extends Error {
  override readonly name = 'TlsOptionError'
  /** Stable; says what kind of fault it is. */
  readonly code: TlsOptionErrorCode

  constructor(code: TlsOptionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
