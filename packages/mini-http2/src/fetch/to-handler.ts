import type { OptionNamesOf } from '@h2lab/octets'
import type { Handler } from '../application/handler'
import type { ServerRequest } from '../application/request'
import type { ServerResponse } from '../application/response'
import { checkOptionNames } from '../options'
import { FetchRequest, linkFetchRequest } from './fetch-request'
import { rethrow } from './malformed-json'
import { originOf } from './request-url'
import { sendResponse } from './send-response'

/** An application in the form of the Fetch standard, as the `fetch` of Hono, h3 and others. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/** How {@link toHandler} works. */
export interface FetchHandlerOptions {
  /**
   * Octets that `text()`, `json()`, `arrayBuffer()`, `bytes()`, `blob()` and `formData()` of a request
   * take at most; a longer body rejects with a RequestBodyError `BODY_TOO_LARGE`. Default 16,777,216:
   * forms with a few pictures. The stream `body` has no limit: it is read as the application wants it.
   */
  readonly bodyLimit?: number | undefined
}

const OPTIONS: OptionNamesOf<FetchHandlerOptions> = { bodyLimit: true }

const DEFAULT_BODY_LIMIT = 16_777_216

/**
 * Makes a handler of an application that takes a WHATWG `Request` and returns a `Response`.
 *
 * Bodies are streams in both directions: the request's slows its client down if it is read slowly, and
 * the response's is read no faster than the client takes it, and cancelled when the client goes
 * away. The request's `signal` is aborted then.
 *
 * The request is no native one, though `instanceof Request` holds; it becomes one for what is rarely
 * asked for. Only `new Request(request)` doesn't know it: write `request.clone()`, or call
 * `installFetchClasses`, which also makes responses several times cheaper.
 *
 * What can't be a request of the Fetch standard is answered here: 400 without an authority that a URL
 * can have, 501 for CONNECT and TRACE.
 *
 * The host of `request.url` is always that of the request's authority: a path can't change it. A path that begins
 * with two slashes stays a path: `//evil.example/x` at `localhost` is `http://localhost//evil.example/x`. The `*`
 * of `OPTIONS *`, which no URL can express, becomes the path `/*`.
 *
 * @param fetch what it throws, rejects with, or returns if it isn't a `Response`, becomes a response with
 *   status 500, or a reset, as with any handler. An error of `request.json()` that it doesn't catch becomes 400
 * @throws MisuseError `INVALID_OPTION` if an option does not exist
 */
export function toHandler(fetch: FetchHandler, options: FetchHandlerOptions = {}): Handler {
  checkOptionNames(options, OPTIONS)
  const { bodyLimit = DEFAULT_BODY_LIMIT } = options
  linkFetchRequest()
  return (request, response) => {
    if (FORBIDDEN_METHODS.has(request.method)) return response.send(501)
    const origin = originOf(request.scheme, request.authority)
    if (origin === undefined) return response.send(400)
    const standIn = new FetchRequest(request, origin, bodyLimit)
    const answer = fetch(standIn as unknown as Request)
    return isPromise(answer)
      ? answer.then((awaited) => respond(request, response, awaited), rethrow)
      : respond(request, response, answer)
  }
}

/** Fetch has no such requests. */
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

function isPromise(answer: Response | Promise<Response>): answer is Promise<Response> {
  return typeof (answer as Partial<Promise<Response>> | undefined)?.then === 'function'
}

function respond(
  request: ServerRequest,
  response: ServerResponse,
  answer: Response,
): void | Promise<void> {
  // Applications without types return anything.
  if (typeof (answer as Partial<Response> | null | undefined)?.status !== 'number') {
    throw new TypeError(`A fetch handler returns a Response, not ${String(answer)}.`)
  }
  return sendResponse(request, response, answer)
}
