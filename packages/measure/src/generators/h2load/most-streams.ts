import http2 from 'node:http2'
import { connect } from '../../load/connect'

/** How long a server may take to send its SETTINGS, in milliseconds. */
const SETTINGS_TIME = 5000

/**
 * Asks a server for SETTINGS_MAX_CONCURRENT_STREAMS, RFC 9113 section 6.5.2. h2load silently obeys it.
 *
 * @returns Infinity if there is no limit; null if the server can't be asked from here
 */
export async function mostStreamsOf(url: string): Promise<number | null> {
  const signal = AbortSignal.timeout(SETTINGS_TIME)
  try {
    const socket = await connect(new URL(url), 'h2', { signal })
    const session = http2.connect(url, { createConnection: () => socket })
    return await new Promise((resolve) => {
      let most: number | null = null
      session.once('error', () => resolve(null))
      session.once('remoteSettings', ({ maxConcurrentStreams = Number.POSITIVE_INFINITY }) => {
        most = maxConcurrentStreams
        session.close()
      })
      // Waits for the end, because a server with one client at a time serves nobody else before.
      session.once('close', () => resolve(most))
    })
  } catch {
    return null
  }
}
