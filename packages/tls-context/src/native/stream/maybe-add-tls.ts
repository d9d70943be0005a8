import type { NativeTlsContext } from '../openssl/native-tls-context'
import type { OctetStream } from './octet-stream'
import { PlainStream } from './plain-stream'
import { type TlsHandshakeOptions, wrapToTls } from './tls-stream'

/**
 * Returns the stream of a connected socket: with TLS if there is a context, otherwise plain.
 *
 * @param descriptor in blocking mode; the stream owns it unless this throws
 * @throws errors of {@link wrapToTls}; none without a context
 */
export function maybeAddTls(
  descriptor: number,
  context: NativeTlsContext | undefined,
  options: TlsHandshakeOptions = {},
): OctetStream {
  return context === undefined
    ? new PlainStream(descriptor)
    : wrapToTls(descriptor, context, options)
}
