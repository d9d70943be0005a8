import { invalidJson } from '../errors'

/**
 * The errors of requests whose body isn't JSON. The Fetch standard has `json()` reject with a SyntaxError, which
 * doesn't say by whose fault: so these are remembered until they escape the application, or are forgotten.
 */
const malformed = new WeakSet<object>()

/**
 * Parses a request's body.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    malformed.add(error as SyntaxError)
    throw error
  }
}

/** Throws what escaped a fetch application; a RequestBodyError `INVALID_JSON` if its client has caused it. */
export function rethrow(error: unknown): never {
  throw malformed.has(error as object) ? invalidJson(error as SyntaxError) : error
}
