/**
 * Whether two authorities name the same, RFC 3986 section 6.2.3: case does not matter, nor an empty port, nor the
 * port that the scheme has by default.
 *
 * @param one host and port, as in `:authority` or `host`
 * @param scheme as in `:scheme`; undefined if the request has none
 */
export function sameAuthority(one: string, other: string, scheme: string | undefined): boolean {
  return normalise(one, scheme) === normalise(other, scheme)
}

function normalise(authority: string, scheme: string | undefined): string {
  const lowerCase = authority.toLowerCase()
  const defaultPort = DEFAULT_PORTS[scheme?.toLowerCase() ?? '']
  const colon = lowerCase.lastIndexOf(':')
  const port = lowerCase.slice(colon + 1)
  // A colon of an IPv6 address is followed by a bracket at last.
  return colon >= 0 && (port === '' || port === defaultPort) ? lowerCase.slice(0, colon) : lowerCase
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }
