/**
 * A client was given up because it sent nothing for as long as `limits.idleTimeout` allows, in the
 * middle of something. Never thrown at the caller: `onConnectionError` is told.
 */
export class ReadTimeoutError extends Error {
  override readonly name = 'ReadTimeoutError'
  /** Stable; says what kind of fault it is. */
  readonly code = 'READ_TIMEOUT'

  /** @param milliseconds how long it was silent at least */
  constructor(milliseconds: number) {
    super(
      `The client sent nothing for ${milliseconds} ms, though a request or response waits for it.`,
    )
  }
}
