import { checkCertificateAuthorities, checkPemCredentials } from '../credentials/check-credentials'
import {
  type CheckedTlsCredentials,
  CREDENTIAL_OPTIONS,
  type PemTlsCredentials,
  type TlsCredentials,
} from '../credentials/credential-types'
import type { PemText } from '../credentials/pem'
import { readCredentials } from '../credentials/tls-credentials'
import { TlsOptionError } from '../errors'
import { checkOptionNames, invalidOption } from '../options'
import {
  chooseCipherSuites,
  HTTP2_CIPHER_SUITES,
  isTls13CipherSuite,
  TLS13_CIPHER_SUITES,
} from './cipher-suites'

/** A version of TLS that HTTP/2 may use, RFC 9113 section 9.2. */
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3'

/** Whether clients have to show a certificate of their own. */
export interface ClientCertificateOptions {
  /**
   * `require` ends the connection of a client without a certificate that `ca` vouches for.
   * `request` asks for one and lets everybody in: look at the socket's `authorized`.
   */
  readonly mode: 'request' | 'require'
  /**
   * The authorities whose certificates count, as PEM. There is no default: Node's would be the
   * public web's authorities, any of whose customers could then come in.
   */
  readonly ca: PemText
}

/** How TLS departs from the defaults. */
export interface TlsSettings {
  /**
   * Cipher suites by their OpenSSL names, instead of {@link HTTP2_CIPHER_SUITES}. Each is checked
   * against RFC 9113 appendix A. TLS 1.3 keeps its own unless some of them are named.
   */
  readonly ciphers?: readonly string[] | undefined
  /** The lowest version accepted; `TLSv1.2` by default, the lowest that HTTP/2 may use. */
  readonly minVersion?: TlsVersion | undefined
  /** The highest version offered; the highest OpenSSL has by default. For tests and comparisons. */
  readonly maxVersion?: TlsVersion | undefined
  /** By default clients are not asked for a certificate. */
  readonly clientCertificates?: ClientCertificateOptions | undefined
}

/** What {@link createHttp2TlsContext} takes. */
export interface Http2TlsContextOptions extends PemTlsCredentials, TlsSettings {}

/** Options that {@link readTlsOptions} has read and checked: plain data. */
export interface CheckedTlsOptions extends CheckedTlsCredentials, TlsSettings {}

/** Options that were checked, with all defaults filled in. */
export interface CheckedHttp2TlsOptions {
  readonly cert: string
  readonly key: string
  /** The suites of both versions, those of TLS 1.3 first. */
  readonly suites: readonly string[]
  readonly minVersion: TlsVersion
  readonly maxVersion: TlsVersion | undefined
  readonly clients: { readonly mode: 'request' | 'require'; readonly ca: string } | undefined
}

const VERSIONS: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3']

const MODES: readonly ClientCertificateOptions['mode'][] = ['request', 'require']

const SETTINGS = {
  ciphers: true,
  minVersion: true,
  maxVersion: true,
  clientCertificates: { mode: true, ca: true },
} as const

/** The names of {@link Http2TlsContextOptions}. */
export const CONTEXT_OPTIONS = { cert: true, key: true, passphrase: true, ...SETTINGS } as const

/** What needs no check, which would take a millisecond for each. */
const DEFAULT_SUITES = [...TLS13_CIPHER_SUITES, ...HTTP2_CIPHER_SUITES]

/**
 * Checks the options of a context and fills the defaults in.
 *
 * @throws TlsCredentialsError if the certificate, the key or the authorities can't be used
 * @throws TlsOptionError that names the option
 */
export function checkHttp2TlsOptions(options: Http2TlsContextOptions): CheckedHttp2TlsOptions {
  const { cert, key } = checkPemCredentials(options)
  return { cert, key, ...checkTlsSettings(options) }
}

/**
 * Reads the credentials from their files if they are in files, and checks them and all settings: what a
 * server does before it listens, or starts a thread that makes the context.
 *
 * @returns plain data: options for a context, in this thread or another one
 * @throws TlsCredentialsError (as a rejection) if the certificate, the key or the authorities can't be used
 * @throws TlsOptionError (as a rejection) that names the option
 */
export async function readTlsOptions(
  options: TlsCredentials & TlsSettings,
): Promise<CheckedTlsOptions> {
  checkOptionNames(options, { ...CREDENTIAL_OPTIONS, ...SETTINGS })
  const { ciphers, minVersion, maxVersion, clientCertificates, ...credentials } = options
  const { clients } = checkTlsSettings({ ciphers, minVersion, maxVersion, clientCertificates })
  return {
    ...(await readCredentials(credentials as TlsCredentials)),
    ciphers,
    minVersion,
    maxVersion,
    clientCertificates: clients,
  }
}

function checkTlsSettings(
  settings: TlsSettings,
): Omit<CheckedHttp2TlsOptions, keyof PemTlsCredentials> {
  const { ciphers, minVersion = 'TLSv1.2', maxVersion, clientCertificates } = settings
  checkVersion('minVersion', minVersion)
  if (maxVersion !== undefined) checkVersion('maxVersion', maxVersion)
  if (minVersion === 'TLSv1.3' && maxVersion === 'TLSv1.2') {
    throw invalidOption('maxVersion', maxVersion, `at least minVersion, ${minVersion}`)
  }
  if (ciphers !== undefined && !Array.isArray(ciphers)) {
    throw invalidOption('ciphers', ciphers, 'an array of OpenSSL names of cipher suites')
  }
  for (const name of ciphers ?? []) checkNegotiable(name, minVersion, maxVersion)
  return {
    suites: ciphers === undefined ? DEFAULT_SUITES : chooseCipherSuites(ciphers),
    minVersion,
    maxVersion,
    clients: clientCertificates && checkClientCertificates(clientCertificates),
  }
}

function checkVersion(name: string, version: TlsVersion): void {
  if (!VERSIONS.includes(version)) throw invalidOption(name, version, VERSIONS.join(' or '))
}

/** A suite of a version that is not accepted would be ignored. */
function checkNegotiable(
  name: string,
  minVersion: TlsVersion,
  maxVersion: TlsVersion | undefined,
): void {
  const version = isTls13CipherSuite(name) ? 'TLSv1.3' : 'TLSv1.2'
  if (version >= minVersion && (maxVersion === undefined || version <= maxVersion)) return
  const [option, value] =
    version < minVersion ? ['minVersion', minVersion] : ['maxVersion', maxVersion]
  throw new TlsOptionError(
    'TLS_CIPHER_UNUSABLE',
    `The cipher suite ${name} is one of ${version}, but the option ${option} is ${value}. Leave the suite out, or allow its version.`,
  )
}

function checkClientCertificates(
  options: ClientCertificateOptions,
): CheckedHttp2TlsOptions['clients'] {
  // Callers without types come here with anything.
  const { mode, ca } = (
    typeof options === 'object' ? options : {}
  ) as Partial<ClientCertificateOptions>
  if (mode === undefined || !MODES.includes(mode)) {
    throw invalidOption('clientCertificates.mode', mode, MODES.join(' or '))
  }
  if (typeof ca !== 'string' && !(ca instanceof Uint8Array)) {
    throw invalidOption('clientCertificates.ca', ca, 'certificates of authorities as PEM')
  }
  return { mode, ca: checkCertificateAuthorities(ca) }
}
