/*
 * A request's URL as WHATWG's URL would write it. Parsing costs a microsecond; nearly all requests
 * come in the form that it would give them.
 */

/** The origins of the authorities that clients have named, for each scheme that Fetch serves. */
const ORIGINS: Readonly<Record<string, Map<string, string>>> = { https: new Map(), http: new Map() }

/** Bounds the memory, since clients may make authorities up. */
const MOST_ORIGINS = 1000

/** The longest host name, 253 octets, a colon and a port. */
const LONGEST_AUTHORITY = 259

/**
 * Returns scheme, host and port as they begin a URL.
 *
 * @returns undefined if there is no `http` or `https` URL with that authority
 */
export function originOf(scheme: string, authority: string): string | undefined {
  const origins = ORIGINS[scheme]
  if (origins === undefined || authority.length > LONGEST_AUTHORITY) return undefined
  return origins.get(authority) ?? parseOrigin(origins, scheme, authority)
}

function parseOrigin(
  origins: Map<string, string>,
  scheme: string,
  authority: string,
): string | undefined {
  // What follows the host in a URL, or comes before it, isn't part of an authority: RFC 9113 section 8.3.1.
  if (NOT_IN_AUTHORITY.test(authority) || !URL.canParse(`${scheme}://${authority}`))
    return undefined
  const { host } = new URL(`${scheme}://${authority}`)
  const origin = `${scheme}://${host}`
  if (origins.size < MOST_ORIGINS) origins.set(authority, origin)
  return origin
}

/** Characters with which the parser would end the host, or begin it anew; and those that it passes over. */
const NOT_IN_AUTHORITY = /[\0- #/?@\\\x7f]/

/**
 * Returns a request's URL. Its host is always that of the origin, whatever the path is: so `//evil.example/x`
 * stays a path that begins with two slashes.
 *
 * @param path as in the request: path and query, or `*`, which becomes the path `/*`
 */
export function urlOf(origin: string, path: string): string {
  if (path.charCodeAt(0) !== SLASH) return urlOf(origin, `/${path}`)
  const url = origin + path
  return PLAIN_PATH.test(path) && !DOT_SEGMENT.test(path) ? url : new URL(url).href
}

const SLASH = 0x2f

/** Characters that the parser leaves as they are, in path and query. */
const PLAIN_PATH = /^[A-Za-z0-9\-._~!$&()*+,;=:@%/?]*$/

/** What may be a segment `.` or `..`, which the parser resolves. */
const DOT_SEGMENT = /\/(?:\.|%2e)/i
