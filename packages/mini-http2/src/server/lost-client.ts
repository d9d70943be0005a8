import type { Connection } from '../connection'

/** What a socket says whose client has gone: by a reset, or while something was written to it. */
const GONE: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

/**
 * Tells whether a socket's error is no fault of its connection: a client that has all its responses may leave as it
 * likes, and many do without closing in good order. Ask only if none of the output that was taken from the connection
 * waits to be written: otherwise a response was cut off, which is a fault.
 *
 * @param error with `code` as of errno(3)
 * @param connection undefined before the TLS handshake is done: a client that leaves there is a fault
 */
export function isDeparture(
  error: unknown,
  connection: Pick<Connection, 'idle'> | undefined,
): boolean {
  return connection?.idle === true && GONE.has((error as { code?: unknown } | null)?.code)
}
