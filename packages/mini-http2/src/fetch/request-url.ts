/*
 * The URL of a request as the WHATWG URL parser would serialise it. Parsing takes a microsecond,
 * and nearly all requests already have the serialised form.
 */

/** The origins of the authorities seen so far, for each scheme that Fetch supports. */
const ORIGINS: Readonly<Record<string, Map<string, string>>> = { https: new Map(), http: new Map() }

/** Bounds the memory, because clients can make up authorities. */
const MOST_ORIGINS = 1000

/** The longest host name (253 characters), a colon and a port. */
const LONGEST_AUTHORITY = 259

/**
 * Returns scheme, host and port as they appear at the start of a URL.
 *
 * @returns undefined if the authority is not valid in an `http` or `https` URL
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
  // An authority contains no other parts of a URL: RFC 9113 section 8.3.1.
  if (NOT_IN_AUTHORITY.test(authority) || !URL.canParse(`${scheme}://${authority}`))
    return undefined
  const { host } = new URL(`${scheme}://${authority}`)
  const origin = `${scheme}://${host}`
  if (origins.size < MOST_ORIGINS) origins.set(authority, origin)
  return origin
}

/** Characters that end the host or start a new one in the URL parser, and those that it skips. */
const NOT_IN_AUTHORITY = /[\0- #/?@\\\x7f]/

/**
 * Returns the URL of a request. The host is always that of the origin, whatever the path is:
 * `//evil.example/x` remains a path that begins with two slashes.
 *
 * @param path the path and query of the request, or `*`, which becomes the path `/*`
 */
export function urlOf(origin: string, path: string): string {
  if (path.charCodeAt(0) !== SLASH) return urlOf(origin, `/${path}`)
  const url = origin + path
  return PLAIN_PATH.test(path) && !DOT_SEGMENT.test(path) ? url : new URL(url).href
}

const SLASH = 0x2f

/** Characters that the parser leaves unchanged in path and query. */
const PLAIN_PATH = /^[A-Za-z0-9\-._~!$&()*+,;=:@%/?]*$/

/** A possible `.` or `..` segment, which the parser resolves. */
const DOT_SEGMENT = /\/(?:\.|%2e)/i
