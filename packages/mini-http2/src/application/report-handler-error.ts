import { inspect } from 'node:util'
import { RequestBodyError } from '../errors'
import type { ServerRequest } from './request'

/**
 * The default of `onHandlerError`: prints one report with `console.error`, that is, to stderr. It has method,
 * path, and the error as `util.inspect` shows it, with its stack and causes. Control characters, which the client
 * may have put there, are escaped.
 *
 * What a client causes by itself isn't printed, so that nobody can fill the log: a body that is too large or isn't
 * JSON (the client gets the status that says so), and a request that the client has given up.
 *
 * Within ten seconds a hundred errors are printed; how many more there were is printed with the next.
 *
 * Synchronous: a blocking loop never runs what an asynchronous listener leaves for later.
 */
export function reportHandlerError(error: unknown, request: ServerRequest): void {
  if (isCausedByClient(error, request)) return
  const now = performance.now()
  if (now - periodBegan >= PERIOD) {
    if (leftOut > 0) console.error(`${leftOut} more errors of handlers were not reported.`)
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

/** How many errors are reported within a period: a client that finds one can cause it again and again. */
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

/** A terminal takes control characters as commands. */
function escaped(line: string): string {
  return line.replace(/\p{Cc}/gu, escapeCharacter)
}

/** The same for text of several lines. */
function escapedText(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}
