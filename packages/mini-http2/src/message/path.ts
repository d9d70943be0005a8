/**
 * Whether a request may have this `:path`, RFC 9113 section 8.3.1: it begins with a slash, or is an asterisk for
 * OPTIONS of the whole server, and has only characters that a URI can have in a path or query (RFC 3986), or that
 * clients commonly send unencoded.
 */
export function isPath(path: string, method: string): boolean {
  return (path === '*' && method === 'OPTIONS') || PATH.test(path)
}

/** Visible characters of ASCII without `#`. */
const PATH = /^\/[!"$-~]*$/
