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

/** TLS for an HTTP/2 server, ready for `node:tls`. */
export interface Http2TlsContext {
  /** For `tls.createServer(context.serverOptions, onConnection)`; spread it to add to it. */
  readonly serverOptions: TlsOptions
  /**
   * The same certificate, versions and suites for an `SNICallback`. It has no ALPN and asks for
   * no client certificate: in Node those belong to the server or the socket, not to the context.
   */
  readonly secureContext: SecureContext
}

/**
 * SSL_OP_NO_RENEGOTIATION, SSL_CTX_set_options(3). Its value is part of OpenSSL's binary
 * interface, so it serves where Node doesn't list the constant.
 */
const NO_RENEGOTIATION = constants.SSL_OP_NO_RENEGOTIATION ?? 0x4000_0000

/**
 * Makes the TLS set-up that RFC 9113 section 9.2 asks of a server.
 *
 * - ALPN chooses `h2` through {@link selectH2}. A client that offers other protocols only is refused
 *   during the handshake with the alert `no_application_protocol`. A client that doesn't use ALPN is
 *   let through with `alpnProtocol === false` on its socket: its preface decides (section 3.4).
 * - TLS 1.2 at least, no compression, no renegotiation (section 9.2.1).
 * - No TLS 1.2 cipher suite of appendix A (section 9.2.2); the server's order of preference counts.
 * - No request for a client certificate, unless the options ask for it, and never one after the
 *   handshake (section 9.2.3).
 *
 * @param options PEM text and, where wanted, departures from the defaults; files are read by
 *   `readTlsCredentials` beforehand
 * @throws TlsCredentialsError if the certificate, the key or the authorities can't be used
 * @throws TlsOptionError if an option does not exist or its value can't be
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
  // Without parameters OpenSSL silently skips DHE suites. Its own match the certificate's key: 2048
  // bits, as section 9.2.1 asks, for an RSA key of 2048 bits, more for a stronger key.
  if (suites.some((name) => name.startsWith('DHE-'))) serverOptions.dhparam = 'auto'
  return { serverOptions, secureContext: createSecureContext(serverOptions) }
}

function clientCertificateSettings(clients: CheckedHttp2TlsOptions['clients']): TlsOptions {
  if (clients === undefined) return { requestCert: false }
  const { mode, ca } = clients
  return { requestCert: true, rejectUnauthorized: mode === 'require', ca }
}
