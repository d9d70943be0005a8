import { invalidOption } from './invalid-option'

/** A certificate chain and its private key in PEM form, or the files that hold them. */
export type TlsCredentials =
  | {
      readonly cert: string | Uint8Array
      readonly key: string | Uint8Array
      /** Opens the private key if it is encrypted. */
      readonly passphrase?: string | undefined
    }
  | {
      readonly certFile: string
      readonly keyFile: string
      readonly passphrase?: string | undefined
    }

/** How a server's TLS departs from the defaults, which are those of RFC 9113 section 9.2. */
export interface TlsSettings {
  /** Cipher suites by their OpenSSL names, the favourite first. */
  readonly ciphers?: readonly string[] | undefined
  /** The lowest version accepted. Default `TLSv1.2`, the lowest that HTTP/2 may use. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** The highest version offered. Default: the highest that OpenSSL has. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' | undefined
  /** Whether clients have to show a certificate. Default: they are not asked for one. */
  readonly clientCertificates?:
    | {
        /** `require` lets in nobody without a certificate that `ca` vouches for; `request` everybody. */
        readonly mode: 'request' | 'require'
        /** The authorities whose certificates count, as PEM. */
        readonly ca: string | Uint8Array
      }
    | undefined
}

/**
 * What `tls` of `createServer` takes. Names are checked here; what the values have to be, the TLS package
 * of the dispatch method knows.
 */
export type ServerTlsOptions = TlsCredentials & TlsSettings

/** The names of {@link ServerTlsOptions}. */
export const TLS_OPTIONS = {
  cert: true,
  key: true,
  certFile: true,
  keyFile: true,
  passphrase: true,
  ciphers: true,
  minVersion: true,
  maxVersion: true,
  clientCertificates: { mode: true, ca: true },
} as const

/** @throws ServerSetupError `INVALID_OPTION` unless there is a certificate with its key */
export function checkTls(tls: ServerTlsOptions | undefined): void {
  if (tls === undefined) return
  // Callers without types come here with anything.
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
