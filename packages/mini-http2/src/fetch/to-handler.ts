import type { OptionNamesOf } from '@h2lab/octets'
import type { Handler } from '../application/handler'
import type { ServerRequest } from '../application/request'
import type { ServerResponse } from '../application/response'
import { checkOptionNames } from '../options'
import { FetchRequest, linkFetchRequest } from './fetch-request'
import { rethrow } from './malformed-json'
import { originOf } from './request-url'
import { sendResponse } from './send-response'

/** A fetch application, such as the `fetch` method of Hono or h3. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/** Options of {@link toHandler}. */
export interface FetchHandlerOptions {
  /**
   * The maximum number of bytes that `text()`, `json()`, `arrayBuffer()`, `bytes()`, `blob()` and
   * `formData()` of a request read. A longer body rejects with a RequestBodyError `BODY_TOO_LARGE`.
   * Default 16,777,216: enough for forms with a few pictures. The stream `body` has no limit.
   */
  readonly bodyLimit?: number | undefined
}

const OPTIONS: OptionNamesOf<FetchHandlerOptions> = { bodyLimit: true }

const DEFAULT_BODY_LIMIT = 16_777_216

/**
 * Makes a handler of an application that takes a WHATWG `Request` and returns a `Response`.
 *
 * Bodies are streamed in both directions. If the application reads the request's body slowly, the
 * client slows down. The response's body is read no faster than the client accepts it. When the
 * client disconnects, the response's body is cancelled and the request's `signal` is aborted.
 *
 * The request is not a native one, although `instanceof Request` works; a native object is created
 * for less common operations. Only `new Request(request)` doesn't accept it: use `request.clone()`,
 * or call `installFetchClasses`, which also makes responses several times cheaper.
 *
 * Requests that Fetch can't represent are answered directly: 400 for an authority that is not valid
 * in a URL, 501 for CONNECT and TRACE.
 *
 * The host of `request.url` is always that of the request's authority; a path can't change it. A
 * path that begins with two slashes remains a path: `//evil.example/x` at `localhost` is
 * `http://localhost//evil.example/x`. The `*` of `OPTIONS *`, which a URL can't express, becomes
 * the path `/*`.
 *
 * @param fetch if it throws, rejects or returns anything but a `Response`, the client gets status
 *   500 or a reset, as with any handler. An uncaught error of `request.json()` becomes 400
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

/** Methods that Fetch doesn't allow. */
const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

function isPromise(answer: Response | Promise<Response>): answer is Promise<Response> {
  return typeof (answer as Partial<Promise<Response>> | undefined)?.then === 'function'
}

function respond(
  request: ServerRequest,
  response: ServerResponse,
  answer: Response,
): void | Promise<void> {
  // Untyped applications may return anything.
  if (typeof (answer as Partial<Response> | null | undefined)?.status !== 'number') {
    throw new TypeError(`A fetch handler must return a Response, not ${String(answer)}.`)
  }
  return sendResponse(request, response, answer)
}
