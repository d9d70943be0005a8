import type { PemText } from './pem'

/** Where credentials may be used. */
export interface CredentialScope {
  /**
   * Whether they are only for servers that other machines can't reach. `createServer` of `@h2lab/mini-http2` refuses to
   * listen elsewhere; this package does not listen, and ignores it. Default false.
   */
  readonly loopbackOnly?: boolean | undefined
}

/** A server's certificate and private key as PEM. */
export interface PemTlsCredentials extends CredentialScope {
  /** The server's certificate, followed by any intermediate certificates. */
  readonly cert: PemText
  /** The private key that belongs to the first certificate. */
  readonly key: PemText
  /** Decrypts an encrypted private key. */
  readonly passphrase?: string | undefined
}

/** The files with a server's certificate and private key. They may be the same file. */
export interface TlsCredentialFiles extends CredentialScope {
  /** Path of a PEM file with the content of {@link PemTlsCredentials.cert}. */
  readonly certFile: string
  /** Path of a PEM file with the content of {@link PemTlsCredentials.key}. */
  readonly keyFile: string
  /** Decrypts an encrypted private key. */
  readonly passphrase?: string | undefined
}

/** The certificate and private key of a server. */
export type TlsCredentials = PemTlsCredentials | TlsCredentialFiles

/** Checked credentials: they are PEM, belong together, and the key is unencrypted. */
export interface CheckedTlsCredentials {
  /** The PEM blocks of the certificates, the server's own first. */
  readonly cert: string
  /** The PEM block of the private key. */
  readonly key: string
}

/** The names of {@link TlsCredentials}. */
export const CREDENTIAL_OPTIONS = {
  cert: true,
  key: true,
  certFile: true,
  keyFile: true,
  passphrase: true,
  loopbackOnly: true,
} as const
