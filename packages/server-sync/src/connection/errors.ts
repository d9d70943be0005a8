/**
 * The client sent nothing for `limits.idleTimeout` while something was unfinished. Not thrown at the caller, but
 * passed to `onConnectionError`.
 */
export class ReadTimeoutError extends Error {
  override readonly name = 'ReadTimeoutError'
  /** Stable. Identifies the kind of error. */
  readonly code = 'READ_TIMEOUT'

  /** @param milliseconds how long the client was silent at least */
  constructor(milliseconds: number) {
    super(
      `The client sent nothing for ${milliseconds} ms, although a request or response is waiting for it.`,
    )
  }
}
