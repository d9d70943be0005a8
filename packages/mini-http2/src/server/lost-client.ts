import type { Connection } from '../connection'

/** Error codes of a socket whose client has gone: a reset, or a failed write. */
const GONE: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

/**
 * Returns whether a socket error is not a fault of the connection. A client that has received all
 * its responses may leave, and many do without closing gracefully. Call it only if no output taken
 * from the connection is unsent: otherwise a response was cut off, which is a fault.
 *
 * @param error with a `code` of errno(3)
 * @param connection undefined before the TLS handshake is complete. Leaving at that point is a
 *   fault
 */
export function isDeparture(
  error: unknown,
  connection: Pick<Connection, 'idle'> | undefined,
): boolean {
  return connection?.idle === true && GONE.has((error as { code?: unknown } | null)?.code)
}
