import type { TlsOptions } from 'node:tls'
import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import { LONGEST_TIMER, type ServerSetup, type ServerTlsOptions } from '@h2lab/mini-http2/server'
import { createHttp2TlsContext, readTlsOptions } from '@h2lab/tls-context'

/**
 * The options for `tls.createServer`: certificate, ALPN, versions, cipher suites, client certificates, and the
 * handshake timeout, which is that of the preface instead of Node's two minutes.
 *
 * @throws TlsCredentialsError that names the file or text at fault
 * @throws TlsOptionError that names the option at fault
 */
export async function tlsOptions(
  options: ServerTlsOptions,
  { limits }: ServerSetup,
): Promise<TlsOptions> {
  const { serverOptions } = createHttp2TlsContext(await readTlsOptions(options))
  const handshakeTimeout = limits.prefaceTimeout ?? DEFAULT_LIMITS.prefaceTimeout
  return { ...serverOptions, handshakeTimeout: Math.min(handshakeTimeout, LONGEST_TIMER) }
}
