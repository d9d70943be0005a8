import { inspect } from 'node:util'
import { RequestBodyError } from '../errors'
import type { ServerRequest } from './request'

/**
 * The default of `onHandlerError`: prints a report to stderr with `console.error`. The report has
 * the request's method and path, and the error as formatted by `util.inspect`, with stack and
 * causes. Control characters, which may come from the client, are escaped.
 *
 * Errors that a client can cause by itself aren't printed, so that clients can't fill the log: a
 * body that is too large or isn't valid JSON, and a cancelled request.
 *
 * At most 100 errors are printed within ten seconds. The next report includes the number of errors
 * that were left out.
 *
 * Synchronous, because a blocking loop never runs deferred work of an asynchronous listener.
 */
export function reportHandlerError(error: unknown, request: ServerRequest): void {
  if (isCausedByClient(error, request)) return
  const now = performance.now()
  if (now - periodBegan >= PERIOD) {
    if (leftOut > 0) console.error(`${leftOut} more handler errors were not reported.`)
    periodBegan = now
    reported = 0
    leftOut = 0
  }
  if (reported === MOST_REPORTS) {
    leftOut++
    return
  }
  reported++
  console.error(
    `${escaped(request.method)} ${escaped(request.path)}: ${escapedText(inspect(error))}`,
  )
}

/** The maximum number of reports within a period: a client that triggers an error can repeat it. */
const MOST_REPORTS = 100
/** In milliseconds. */
const PERIOD = 10_000

let periodBegan = Number.NEGATIVE_INFINITY
let reported = 0
let leftOut = 0

function isCausedByClient(error: unknown, { signal }: ServerRequest): boolean {
  if (error instanceof RequestBodyError) return error.code !== 'BODY_USED'
  return signal.aborted && (error as { name?: unknown } | null | undefined)?.name === 'AbortError'
}

/** Terminals interpret control characters as commands. */
function escaped(line: string): string {
  return line.replace(/\p{Cc}/gu, escapeCharacter)
}

/** Same as {@link escaped}, for text with several lines. */
function escapedText(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
