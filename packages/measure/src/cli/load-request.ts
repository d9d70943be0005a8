import type { MeasureError } from '../errors'
import { type HeaderField, misplacedField, parseHeaderField, TOKEN } from '../load/header-fields'
import type { HttpVersion } from '../load/http-version'
import { allGiven, given, usageError } from './values'

/*
 * The requests of `h2lab load`. All functions throw a MeasureError `USAGE` that names the option and what is allowed.
 */

/** The options that describe each request, from the command line. */
export interface RequestFlags {
  readonly method?: unknown
  readonly header?: unknown
  readonly body?: unknown
}

/** What each request is. */
export interface RequestSettings {
  readonly method: string
  readonly headers: readonly HeaderField[]
  readonly bodyFile: string | undefined
}

export interface WeightedUrl {
  readonly url: string
  readonly weight: number
}

const MOST_WEIGHT = 1e6

/** Reads the URL arguments, with a weight for each. */
export function weightedUrls(urls: readonly string[], weights: unknown): WeightedUrl[] {
  if (urls.length === 0) throw usageError('h2lab load needs its argument <url>.')
  const checked = urls.map(urlOf)
  if (weights === undefined) return checked.map((url) => ({ url, weight: 1 }))
  const items = String(weights).split(',')
  if (items.length !== urls.length) {
    throw usageError(
      `--weights has ${items.length} for ${urls.length === 1 ? 'one URL' : `${urls.length} URLs`}: it must have one for each, separated by commas.`,
    )
  }
  return checked.map((url, index) => {
    const weight = Number(items[index])
    if (weight > 0 && weight <= MOST_WEIGHT) return { url, weight }
    throw usageError(
      `--weights can't be ${JSON.stringify(String(weights))}: it must be numbers above 0, up to ${MOST_WEIGHT}, separated by commas.`,
    )
  })
}

function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw usageError(
      `The URL can't be ${JSON.stringify(text)}: it must begin with https:// or http://.`,
    )
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      "A URL can't have a user or password: give them in a header field, such as -H 'authorization: Basic ...'.",
    )
  }
  // A fragment is never sent.
  url.hash = ''
  return url.href
}

/** Returns the common origin. */
export function originOf(urls: readonly WeightedUrl[]): string {
  const origins = [...new Set(urls.map(({ url }) => new URL(url).origin))]
  const [origin, other] = origins as [string, string?]
  if (other === undefined) return origin
  throw usageError(`All URLs must have the same origin, not ${origins.join(' and ')}.`)
}

/** Reads what all requests have in common. */
export function requestOf({ method, header, body }: RequestFlags): RequestSettings {
  const bodyFile = given(body, undefined, String)
  const name = given(method, bodyFile === undefined ? 'GET' : 'POST', String)
  if (!TOKEN.test(name) || name === 'CONNECT') {
    throw usageError(
      `--method can't be ${JSON.stringify(name)}: it must be one word, such as GET, HEAD, POST or PUT, and not CONNECT.`,
    )
  }
  if (name === 'TRACE' && bodyFile !== undefined) {
    throw usageError(
      "--body can't be sent with TRACE, which has no content (RFC 9110 section 9.3.8).",
    )
  }
  return { method: name, headers: allGiven(header).map(headerOf), bodyFile }
}

function headerOf(value: unknown): HeaderField {
  // It is `true` if the value is missing.
  if (typeof value === 'boolean') throw usageError("--header needs a value, such as 'name: value'.")
  const field = parseHeaderField(String(value))
  if (typeof field === 'string') throw headerError(String(value), field)
  return field
}

/**
 * Checks header fields once the server's protocol is known.
 *
 * @throws MeasureError `USAGE`
 */
export function checkHeaders(headers: readonly HeaderField[], httpVersion: HttpVersion): void {
  for (const field of headers) {
    const fault = misplacedField(field, httpVersion)
    if (fault !== undefined) throw headerError(field.join(': '), fault)
  }
}

function headerError(field: string, fault: string): MeasureError {
  return usageError(`--header can't be ${JSON.stringify(field)}: ${fault}.`)
}
