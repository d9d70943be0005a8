import type { HttpVersion } from '../load/http-version'
import type { Target } from './target'

/** A server that somebody else runs: nothing is started, and what it uses is unknown. */
export function remoteTarget(url: string, httpVersion: HttpVersion): Target {
  return {
    name: url,
    title: 'a server that somebody else runs',
    kind: 'remote',
    httpVersion,
    mostClients: Number.POSITIVE_INFINITY,
    transport: new URL(url).protocol === 'https:' ? 'tls' : 'plain',
    availability: async () => ({ state: 'available', version: 'unknown' }),
    start: async () => ({ url, usage: async () => undefined, stop: async () => {} }),
  }
}
