import { constants } from 'node:crypto'
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls'
import { checkCertificateAuthorities, checkPemCredentials } from '../credentials/check-credentials'
import type { PemText, PemTlsCredentials } from '../credentials/tls-credentials'
import { chooseCipherSuites, HTTP2_CIPHER_SUITES } from './cipher-suites'
import { selectH2 } from './select-h2'

/** Whether, and how strictly, clients have to show a certificate of their own. */
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

/** What {@link createHttp2TlsContext} takes. */
export interface Http2TlsContextOptions extends PemTlsCredentials {
  /**
   * Cipher suites by their OpenSSL names, instead of {@link HTTP2_CIPHER_SUITES}. Each is checked
   * against RFC 9113 appendix A. TLS 1.3 keeps its own unless some of them are named.
   */
  readonly ciphers?: readonly string[]
  /** The lowest version accepted; `TLSv1.2` by default, the lowest that HTTP/2 may use. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** The highest version offered; the highest OpenSSL has by default. For tests and comparisons. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** By default clients aren't asked for a certificate. */
  readonly clientCertificates?: ClientCertificateOptions
}

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
 * @throws TlsOptionError if `ciphers` has a suite that is forbidden or can't be used
 */
export function createHttp2TlsContext(options: Http2TlsContextOptions): Http2TlsContext {
  const { cert, key } = checkPemCredentials(options)
  const suites = chooseCipherSuites(options.ciphers ?? HTTP2_CIPHER_SUITES)
  const serverOptions: TlsOptions = {
    cert,
    key,
    minVersion: options.minVersion ?? 'TLSv1.2',
    ciphers: suites.join(':'),
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_COMPRESSION | NO_RENEGOTIATION,
    ALPNCallback: ({ protocols }) => selectH2(protocols),
    ...clientCertificateSettings(options.clientCertificates),
  }
  if (options.maxVersion !== undefined) serverOptions.maxVersion = options.maxVersion
  // Without parameters OpenSSL silently skips DHE suites. Its own match the certificate's key: 2048
  // bits, as section 9.2.1 asks, for an RSA key of 2048 bits, more for a stronger key.
  if (suites.some((name) => name.startsWith('DHE-'))) serverOptions.dhparam = 'auto'
  return { serverOptions, secureContext: createSecureContext(serverOptions) }
}

function clientCertificateSettings(wanted: ClientCertificateOptions | undefined): TlsOptions {
  if (wanted === undefined) return { requestCert: false }
  return {
    requestCert: true,
    rejectUnauthorized: wanted.mode === 'require',
    ca: checkCertificateAuthorities(wanted.ca),
  }
}
