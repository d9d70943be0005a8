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
 * Synchronous: a blocking loop never runs what an asynchronous listener leaves for later.
 */
export function reportHandlerError(error: unknown, request: ServerRequest): void {
  if (isClientsDoing(error, request)) return
  console.error(
    `${escaped(request.method)} ${escaped(request.path)}: ${escapedText(inspect(error))}`,
  )
}

function isClientsDoing(error: unknown, { signal }: ServerRequest): boolean {
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
