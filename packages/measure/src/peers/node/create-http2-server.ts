import http2 from 'node:http2'
import type { CheckedTlsCredentials } from '@h2lab/tls-context'

/**
 * A session may hold 10 MB by default, and refuses streams beyond that: a load of many streams on
 * one connection would lose requests. These MB are more than any load has in flight.
 */
const MAX_SESSION_MEMORY = 1000

/** Answers a request of node:http2's compatibility API. */
export type Http2Listener = (
  request: http2.Http2ServerRequest,
  response: http2.Http2ServerResponse,
) => void

/** Makes the server of node:http2 that all peers on it have, with or without TLS. */
export function createHttp2Server(
  tls: CheckedTlsCredentials | undefined,
  listener: Http2Listener,
): http2.Http2Server | http2.Http2SecureServer {
  const limits = { maxSessionMemory: MAX_SESSION_MEMORY }
  return tls === undefined
    ? http2.createServer(limits, listener)
    : http2.createSecureServer({ ...tls, ...limits }, listener)
}
