/** The code of a {@link TlsCredentialsError}. */
export type TlsCredentialsErrorCode =
  /** A certificate or key file is missing, is a folder, or isn't readable. */
  | 'TLS_FILE_UNREADABLE'
  /** The text or file contains no PEM block of the required kind (RFC 7468). */
  | 'TLS_NOT_PEM'
  /** The PEM block of a certificate doesn't contain an X.509 certificate. */
  | 'TLS_CERTIFICATE_INVALID'
  /** The PEM block of a private key doesn't contain a private key. */
  | 'TLS_KEY_INVALID'
  /** The private key is encrypted and no passphrase was given. */
  | 'TLS_PASSPHRASE_REQUIRED'
  /** The passphrase doesn't decrypt the private key. */
  | 'TLS_PASSPHRASE_WRONG'
  /** The private key doesn't belong to the certificate. */
  | 'TLS_KEY_MISMATCH'
  /**
   * Certificate and key belong together, but OpenSSL refuses them, for example because of a short
   * key.
   */
  | 'TLS_CREDENTIALS_REFUSED'

/**
 * The certificate or the key of the server can't be used. The message names the file or text at
 * fault and says what is required.
 */
export class TlsCredentialsError extends Error {
  override readonly name = 'TlsCredentialsError'
  /** Stable; identifies the kind of fault. */
  readonly code: TlsCredentialsErrorCode

  constructor(code: TlsCredentialsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The code of a {@link TlsOptionError}. */
export type TlsOptionErrorCode =
  /**
   * An option does not exist, or its value is invalid. The message names it and the allowed values.
   */
  | 'INVALID_OPTION'
  /** `ciphers` names a TLS 1.2 cipher suite that RFC 9113 appendix A forbids. */
  | 'TLS_CIPHER_PROHIBITED'
  /** `ciphers` names something that can't be negotiated here, or is empty. */
  | 'TLS_CIPHER_UNUSABLE'

/**
 * A mistake of the caller: an option does not exist, or HTTP/2 over TLS doesn't allow its value.
 */
export class TlsOptionError extends Error {
  override readonly name = 'TlsOptionError'
  /** Stable; identifies the kind of fault. */
  readonly code: TlsOptionErrorCode

  constructor(code: TlsOptionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
