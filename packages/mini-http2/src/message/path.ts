/**
 * Returns whether a request may have this `:path`, RFC 9113 section 8.3.1: it begins with a slash,
 * or is an asterisk for OPTIONS. It may contain the characters that a URI allows in path and query
 * (RFC 3986), and those that clients commonly send unencoded.
 */
export function isPath(path: string, method: string): boolean {
  return (path === '*' && method === 'OPTIONS') || PATH.test(path)
}

/** Visible ASCII characters except `#`. */
const PATH = /^\/[!"$-~]*$/
