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

/** Whether clients must present a certificate. */
export interface ClientCertificateOptions {
  /**
   * `require` refuses clients without a certificate signed by `ca`. `request` accepts all clients:
   * check the socket's `authorized`.
   */
  readonly mode: 'request' | 'require'
  /**
   * The trusted certificate authorities as PEM. There is no default: Node's default is the public
   * authorities, which would accept anyone with a public certificate.
   */
  readonly ca: PemText
}

/** TLS settings that differ from the defaults. */
export interface TlsSettings {
  /**
   * Cipher suites by their OpenSSL names, instead of {@link HTTP2_CIPHER_SUITES}. Each is checked
   * against RFC 9113 appendix A. TLS 1.3 keeps its defaults unless some of its suites are included.
   */
  readonly ciphers?: readonly string[] | undefined
  /** The lowest version accepted. Default `TLSv1.2`, the lowest that HTTP/2 may use. */
  readonly minVersion?: TlsVersion | undefined
  /**
   * The highest version offered. Default: the highest that OpenSSL supports. For tests and
   * comparisons.
   */
  readonly maxVersion?: TlsVersion | undefined
  /** Default: no client certificates are requested. */
  readonly clientCertificates?: ClientCertificateOptions | undefined
}

/** The options of {@link createHttp2TlsContext}. */
export interface Http2TlsContextOptions extends PemTlsCredentials, TlsSettings {}

/** The result of {@link readTlsOptions}: checked options as plain data. */
export interface CheckedTlsOptions extends CheckedTlsCredentials, TlsSettings {}

/** Checked options with all defaults. */
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
export const CONTEXT_OPTIONS = {
  cert: true,
  key: true,
  passphrase: true,
  loopbackOnly: true,
  ...SETTINGS,
} as const

/** These need no check, which would take a millisecond for each. */
const DEFAULT_SUITES = [...TLS13_CIPHER_SUITES, ...HTTP2_CIPHER_SUITES]

/**
 * Checks the options of a context and fills in the defaults.
 *
 * @throws TlsCredentialsError if the certificate, the key or the authorities are unusable
 * @throws TlsOptionError with the name of the option
 */
export function checkHttp2TlsOptions(options: Http2TlsContextOptions): CheckedHttp2TlsOptions {
  const { cert, key } = checkPemCredentials(options)
  return { cert, key, ...checkTlsSettings(options) }
}

/**
 * Reads credentials that are in files, and checks them and all settings. A server calls it before
 * it listens or starts a thread that creates the context.
 *
 * @returns plain data: options for a context, in this thread or another one
 * @throws TlsCredentialsError (as a rejection) if the certificate, the key or the authorities are
 *   unusable
 * @throws TlsOptionError (as a rejection) with the name of the option
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
  // Untyped callers may pass anything.
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
