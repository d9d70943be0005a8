import http2 from 'node:http2'
import type { CheckedTlsCredentials } from '@h2lab/tls-context'

/**
 * A session may use 10 MB by default and refuses further streams, so a load with many streams per connection would
 * lose requests. This limit, in MB, is above what any load has in flight.
 */
const MAX_SESSION_MEMORY = 1000

/** A request listener of node:http2's compatibility API. */
export type Http2Listener = (
  request: http2.Http2ServerRequest,
  response: http2.Http2ServerResponse,
) => void

/** Creates the node:http2 server used by all peers on it, with or without TLS. */
export function createHttp2Server(
  tls: CheckedTlsCredentials | undefined,
  listener: Http2Listener,
): http2.Http2Server | http2.Http2SecureServer {
  const limits = { maxSessionMemory: MAX_SESSION_MEMORY }
  return tls === undefined
    ? http2.createServer(limits, listener)
    : http2.createSecureServer({ ...tls, ...limits }, listener)
}
