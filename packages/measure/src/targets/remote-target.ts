import type { HttpVersion } from '../load/http-version'
import type { Target } from './target'

/** Creates a target for a remote server. Nothing is started, and its resource usage is unknown. */
export function remoteTarget(url: string, httpVersion: HttpVersion): Target {
  return {
    name: url,
    title: 'a remote server',
    kind: 'remote',
    httpVersion,
    mostClients: Number.POSITIVE_INFINITY,
    transport: new URL(url).protocol === 'https:' ? 'tls' : 'plain',
    availability: async () => ({ state: 'available', version: 'unknown' }),
    start: async () => ({ url, usage: async () => undefined, stop: async () => {} }),
  }
}
