import type { PemText } from './pem'

/** A server's certificate and private key as PEM. */
export interface PemTlsCredentials {
  /** The server's certificate, followed by the intermediate ones if there are any. */
  readonly cert: PemText
  /** The private key that belongs to the first certificate. */
  readonly key: PemText
  /** Opens the private key if it is encrypted. */
  readonly passphrase?: string | undefined
}

/** The files a server's certificate and private key are in; they may be one and the same. */
export interface TlsCredentialFiles {
  /** Path of a PEM file like {@link PemTlsCredentials.cert}. */
  readonly certFile: string
  /** Path of a PEM file like {@link PemTlsCredentials.key}. */
  readonly keyFile: string
  /** Opens the private key if it is encrypted. */
  readonly passphrase?: string | undefined
}

/** What a server proves its identity with. */
export type TlsCredentials = PemTlsCredentials | TlsCredentialFiles

/** Credentials that were checked: they are PEM, belong together, and the key is unencrypted. */
export interface CheckedTlsCredentials {
  /** The certificates' PEM blocks, the server's own first. */
  readonly cert: string
  /** The private key's PEM block. */
  readonly key: string
}

/** The names of {@link TlsCredentials}. */
export const CREDENTIAL_OPTIONS = {
  cert: true,
  key: true,
  certFile: true,
  keyFile: true,
  passphrase: true,
} as const
