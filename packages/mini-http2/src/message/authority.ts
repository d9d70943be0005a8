/**
 * Returns whether two authorities are equivalent, RFC 3986 section 6.2.3: ignores case, an empty
 * port, and the default port of the scheme.
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
  // The last colon inside an IPv6 address is followed by a bracket.
  return colon >= 0 && (port === '' || port === defaultPort) ? lowerCase.slice(0, colon) : lowerCase
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }
