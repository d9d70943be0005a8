import type { HttpVersion } from './http-version'

/** A header field: its name in lower case, and its value. */
export type HeaderField = readonly [name: string, value: string]

/** A token: RFC 9110 section 5.6.2. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** The allowed characters of a field value, except octets above ASCII: RFC 9110 section 5.5. */
const VALUE = /^[\t\x20-\x7e]*$/

/** Fields that are derived from the URL and the body. */
const MADE_HERE: Readonly<Record<string, string>> = {
  host: 'it is what the URL says',
  'content-length': 'it is the length of the body',
  'transfer-encoding': 'the length of the body is known',
}

/** Fields about an HTTP/1.1 connection, which HTTP/2 does not allow: RFC 9113 section 8.2.2. */
const CONNECTION_SPECIFIC: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]

/**
 * Parses a header field.
 *
 * @param text in the form `name: value`
 * @returns the field, or a text that says what is wrong and what is allowed
 */
export function parseHeaderField(text: string): HeaderField | string {
  const colon = text.indexOf(':')
  if (colon < 0) return "it must be a name and a value, such as 'accept: text/html'"
  const name = text.slice(0, colon).toLowerCase()
  const value = text.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
  if (!TOKEN.test(name)) {
    return "its name must consist of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 section 5.1)"
  }
  if (!VALUE.test(value)) return 'its value must consist of printable ASCII characters and tabs'
  const made = MADE_HERE[name]
  return made === undefined ? [name, value] : `${name} can't be chosen: ${made}`
}

/** Returns why a field is not allowed in a version of HTTP, or undefined. */
export function misplacedField(
  [name, value]: HeaderField,
  httpVersion: HttpVersion,
): string | undefined {
  if (httpVersion !== 'h2') return undefined
  if (CONNECTION_SPECIFIC.includes(name)) {
    return `HTTP/2 does not allow ${name}, which is for HTTP/1.1 connections (RFC 9113 section 8.2.2)`
  }
  if (name !== 'te' || value.toLowerCase() === 'trailers') return undefined
  return 'te must be trailers in HTTP/2 (RFC 9113 section 8.2.2)'
}
