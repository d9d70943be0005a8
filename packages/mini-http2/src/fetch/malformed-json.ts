import { invalidJson } from '../errors'

/**
 * The errors of requests whose body isn't valid JSON. The Fetch standard requires `json()` to
 * reject with a SyntaxError, which doesn't show that the client caused it. These errors are tracked
 * so that they can be recognised if the application doesn't catch them.
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

/**
 * Rethrows an error of a fetch application, as a RequestBodyError `INVALID_JSON` if the client
 * caused it.
 */
export function rethrow(error: unknown): never {
  throw malformed.has(error as object) ? invalidJson(error as SyntaxError) : error
}
