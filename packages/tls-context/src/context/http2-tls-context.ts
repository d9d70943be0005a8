import { constants } from 'node:crypto'
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls'
import { checkOptionNames } from '../options'
import { selectH2 } from './select-h2'
import {
  type CheckedHttp2TlsOptions,
  CONTEXT_OPTIONS,
  checkHttp2TlsOptions,
  type Http2TlsContextOptions,
} from './tls-settings'

/** TLS for an HTTP/2 server, for use with `node:tls`. */
export interface Http2TlsContext {
  /** For `tls.createServer(context.serverOptions, onConnection)`. Spread it to add options. */
  readonly serverOptions: TlsOptions
  /**
   * The same certificate, versions and suites for an `SNICallback`. It has no ALPN and requests no
   * client certificate: in Node.js these belong to the server or the socket, not to the context.
   */
  readonly secureContext: SecureContext
}

/**
 * SSL_OP_NO_RENEGOTIATION, SSL_CTX_set_options(3). The value is part of OpenSSL's ABI, so it also
 * works if Node.js doesn't define the constant.
 */
const NO_RENEGOTIATION = constants.SSL_OP_NO_RENEGOTIATION ?? 0x4000_0000

/**
 * Creates the TLS configuration that RFC 9113 section 9.2 requires of a server.
 *
 * - ALPN selects `h2` with {@link selectH2}. A client that only offers other protocols is refused
 *   during the handshake with the alert `no_application_protocol`. A client without ALPN is
 *   accepted, with `alpnProtocol === false` on its socket: its preface decides (section 3.4).
 * - TLS 1.2 or later, no compression, no renegotiation (section 9.2.1).
 * - No TLS 1.2 cipher suite of appendix A (section 9.2.2). The server's order of preference
 *   applies.
 * - Client certificates are requested only if the options say so, and never after the handshake
 *   (section 9.2.3).
 *
 * @param options PEM text and optional settings. Read files with `readTlsCredentials` first
 * @throws TlsCredentialsError if the certificate, the key or the authorities are unusable
 * @throws TlsOptionError if an option does not exist or its value is invalid
 */
export function createHttp2TlsContext(options: Http2TlsContextOptions): Http2TlsContext {
  checkOptionNames(options, CONTEXT_OPTIONS)
  const { cert, key, suites, minVersion, maxVersion, clients } = checkHttp2TlsOptions(options)
  const serverOptions: TlsOptions = {
    cert,
    key,
    minVersion,
    ciphers: suites.join(':'),
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_COMPRESSION | NO_RENEGOTIATION,
    ALPNCallback: ({ protocols }) => selectH2(protocols),
    ...clientCertificateSettings(clients),
  }
  if (maxVersion !== undefined) serverOptions.maxVersion = maxVersion
  // Without parameters, OpenSSL silently skips DHE suites. Its own parameters match the
  // certificate's key: 2048 bits, as section 9.2.1 requires, for an RSA key of 2048 bits, more for
  // a stronger key.
  if (suites.some((name) => name.startsWith('DHE-'))) serverOptions.dhparam = 'auto'
  return { serverOptions, secureContext: createSecureContext(serverOptions) }
}

function clientCertificateSettings(clients: CheckedHttp2TlsOptions['clients']): TlsOptions {
  if (clients === undefined) return { requestCert: false }
  const { mode, ca } = clients
  return { requestCert: true, rejectUnauthorized: mode === 'require', ca }
}
