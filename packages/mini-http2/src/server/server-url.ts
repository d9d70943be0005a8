/** The address of a server. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
  readonly tls: boolean
}

/**
 * Returns the URL of a server.
 *
 * @returns a URL such as `https://127.0.0.1:8443/`. IPv6 addresses are in brackets. The wildcard
 *   addresses 0.0.0.0 and :: become `localhost`, because clients can't connect to them
 */
export function serverUrl({ host, port, tls }: ServerAddress): string {
  return `${tls ? 'https' : 'http'}://${urlHost(host)}:${port}/`
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
