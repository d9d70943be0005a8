import { MeasureError } from '../errors'
import { connect } from '../load/connect'
import type { HttpVersion } from '../load/http-version'

/** How long a server may take to end a connection after its client has, in milliseconds. */
const END_TIME = 1000

/**
 * Determines the protocol of a server: HTTP/2 if it selects that by ALPN, otherwise HTTP/1.1. Over plain TCP it is
 * assumed to speak HTTP/2 by prior knowledge, RFC 9113 section 3.3.
 *
 * @throws MeasureError `SERVER_FAILED` if there is no connection; `TIMED_OUT` if it takes too long
 */
export async function negotiateHttpVersion(url: string): Promise<HttpVersion> {
  try {
    return await accepted(url, 'h2')
  } catch {
    // It speaks another protocol or can't be reached. The second attempt shows which.
  }
  try {
    return await accepted(url, 'http/1.1')
  } catch (cause) {
    if (cause instanceof MeasureError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new MeasureError('SERVER_FAILED', `Can't reach ${url}: ${reason}.`, { cause })
  }
}

async function accepted(url: string, httpVersion: HttpVersion): Promise<HttpVersion> {
  const socket = await connect(new URL(url), httpVersion)
  // Servers report connections that are torn down during the handshake as faults.
  socket.resume().end()
  socket.setTimeout(END_TIME, () => socket.destroy())
  socket.unref()
  return httpVersion
}
