/** A {@link MeasureError}'s code. */
export type MeasureErrorCode =
  /** A command, option or value is invalid. The message says what is allowed. */
  | 'USAGE'
  /** A target is unknown or not available on this machine. The message says why. */
  | 'TARGET_UNAVAILABLE'
  /** A server's process ended or did not answer. */
  | 'SERVER_FAILED'
  /** A load generator ended without a result, or is not installed. */
  | 'GENERATOR_FAILED'
  /**
   * A server or a generator took too long, for example because the machine is busy. An experiment repeats such a
   * trial once.
   */
  | 'TIMED_OUT'
  /** Another run is measuring on this machine, or too much else is running. */
  | 'MACHINE_BUSY'
  /** A server gives another answer than expected, or uses another protocol. */
  | 'WRONG_ANSWER'
  /** A result folder lacks a file, or a file is invalid. The message names the file and the line. */
  | 'RESULTS_UNREADABLE'
  /** Results can't be saved at the given place. */
  | 'RESULTS_UNWRITABLE'
  /** Two runs differ in more than their servers, or have nothing in common. The message says in what. */
  | 'NOT_COMPARABLE'
  /** A revision does not exist or can't be built. The message includes the output. */
  | 'REVISION_FAILED'

/** Something could not be measured, saved or read as requested. */
export class MeasureError extends Error {
  override readonly name = 'MeasureError'
  /** Stable. Identifies the kind of error. */
  readonly code: MeasureErrorCode

  constructor(code: MeasureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
