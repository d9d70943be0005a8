import { MeasureError } from '../errors'
import { connect } from '../load/connect'
import type { HttpVersion } from '../load/http-version'

/** How long a server may take to end a connection when its client has, in milliseconds. */
const END_TIME = 1000

/**
 * Finds out what a server speaks: HTTP/2 if it chooses that by ALPN, otherwise HTTP/1.1. Over plain
 * TCP nothing is negotiated: it is taken to speak HTTP/2 by prior knowledge, RFC 9113 section 3.3.
 *
 * @throws MeasureError `SERVER_FAILED` if there is no connection; `TIMED_OUT` if it takes too long
 */
export async function negotiateHttpVersion(url: string): Promise<HttpVersion> {
  try {
    return await accepted(url, 'h2')
  } catch {
    // It speaks something else, or can't be reached at all: the second attempt tells.
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
  // A connection that is torn down in the middle of its handshake is a fault that servers report.
  socket.resume().end()
  socket.setTimeout(END_TIME, () => socket.destroy())
  socket.unref()
  return httpVersion
}
