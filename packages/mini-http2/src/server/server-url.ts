/** Where a server can be reached. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
  readonly tls: boolean
}

/**
 * Makes a server's URL.
 *
 * @returns `https://127.0.0.1:8443/`; an IPv6 address in brackets; `localhost` for
 *   0.0.0.0 and ::, which name all addresses and so aren't one to connect to
 */
export function serverUrl({ host, port, tls }: ServerAddress): string {
  return `${tls ? 'https' : 'http'}://${urlHost(host)}:${port}/`
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
