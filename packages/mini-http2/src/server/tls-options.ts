import { invalidOption } from './invalid-option'

/** A certificate chain and its private key as PEM, or as paths of PEM files. */
export type TlsCredentials = CredentialScope &
  (
    | {
        readonly cert: string | Uint8Array
        readonly key: string | Uint8Array
        /** Decrypts an encrypted private key. */
        readonly passphrase?: string | undefined
      }
    | {
        readonly certFile: string
        readonly keyFile: string
        readonly passphrase?: string | undefined
      }
  )

interface CredentialScope {
  /**
   * Whether the server must not listen on an address that other machines can reach. Default false; `devTls()` of
   * `@h2lab/tls-context` sets it.
   */
  readonly loopbackOnly?: boolean | undefined
}

/** TLS settings that differ from the defaults, which follow RFC 9113 section 9.2. */
export interface TlsSettings {
  /** Cipher suites by their OpenSSL names, in order of preference. */
  readonly ciphers?: readonly string[] | undefined
  /** The lowest version accepted. Default `TLSv1.2`, the lowest that HTTP/2 may use. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** The highest version offered. Default: the highest that OpenSSL supports. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** Whether clients must send a certificate. Default: none is requested. */
  readonly clientCertificates?:
    | {
        /**
         * `require` rejects clients without a certificate signed by `ca`; `request` accepts all
         * clients.
         */
        readonly mode: 'request' | 'require'
        /** The trusted certificate authorities as PEM. */
        readonly ca: string | Uint8Array
      }
    | undefined
}

/**
 * The option `tls` of `createServer`. Only the names are checked here. The TLS package of the
 * dispatch method checks the values.
 */
export type ServerTlsOptions = TlsCredentials & TlsSettings

/** The names of {@link ServerTlsOptions}. */
export const TLS_OPTIONS = {
  cert: true,
  key: true,
  certFile: true,
  keyFile: true,
  passphrase: true,
  loopbackOnly: true,
  ciphers: true,
  minVersion: true,
  maxVersion: true,
  clientCertificates: { mode: true, ca: true },
} as const

/** @throws ServerSetupError `INVALID_OPTION` unless there is a certificate and its key */
export function checkTls(tls: ServerTlsOptions | undefined): void {
  if (tls === undefined) return
  // Untyped callers may pass anything.
  const given: Partial<Record<string, unknown>> = { ...(tls as object) }
  for (const [cert, key] of [
    ['cert', 'key'],
    ['certFile', 'keyFile'],
  ] as const) {
    if (given[cert] && given[key]) return
    if (given[cert]) throw invalidOption(`tls.${key}`, given[key], `the key of tls.${cert}`)
    if (given[key]) throw invalidOption(`tls.${cert}`, given[cert], `the certificate of tls.${key}`)
  }
  throw invalidOption('tls', tls, '{ cert, key } as PEM text, or { certFile, keyFile }')
}
