/** A {@link MeasureError}'s code. */
export type MeasureErrorCode =
  /** A command, option or value is impossible; the message says what is allowed. */
  | 'USAGE'
  /** What is to be measured is not known, or not there on this machine: the message says why. */
  | 'TARGET_UNAVAILABLE'
  /** A server's process ended or did not answer. */
  | 'SERVER_FAILED'
  /** A load generator ended without a result, or is not installed. */
  | 'GENERATOR_FAILED'
  /**
   * A server or a generator took longer than it is given, for example because the machine is busy.
   * An experiment makes such a trial once more.
   */
  | 'TIMED_OUT'
  /** Another run measures on this machine, or so much else runs that nothing could be measured. */
  | 'MACHINE_BUSY'
  /** A server answers something else than what is to be measured, or in another protocol. */
  | 'WRONG_ANSWER'
  /** A folder of results lacks a file, or one can't be understood: the message has file and line. */
  | 'RESULTS_UNREADABLE'
  /** Results can't be saved where they should be. */
  | 'RESULTS_UNWRITABLE'
  /** Two runs differ in more than their servers, or have nothing in common: the message names it. */
  | 'NOT_COMPARABLE'
  /** A revision of the repository is not there, or can't be built: the message has what was said. */
  | 'REVISION_FAILED'

/** Something could not be measured, saved or read as asked. */
export class MeasureError extends Error {
  override readonly name = 'MeasureError'
  /** Stable; says what kind of fault it is. */
  readonly code: MeasureErrorCode

  constructor(code: MeasureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
