import type { OptionNamesOf } from '@h2lab/octets'
import type { ColumnValues, SeriesRow } from './clip'

export interface RunOptions<Variables> {
  /** How many repetitions of each point at most; Infinity leaves it to `goesOn`. Default 1. */
  readonly repeat?: number | undefined
  /**
   * Asked before each repetition of a point; a point that it refuses is done with. Default: all go on.
   */
  readonly goesOn?: ((next: NextRepetition<Variables>) => boolean) | undefined
  /** Ends the run early: the trials under way are given up. */
  readonly signal?: AbortSignal | undefined
  /** Told before each trial. In turns all trials of a repetition begin together. */
  readonly onTrialStart?: ((trial: TrialIdentity, variables: Variables) => void) | undefined
  /** Told before a trial is made once more, with what its first attempt failed by. */
  readonly onTrialRepeat?:
    | ((trial: TrialIdentity, variables: Variables, error: Error) => void)
    | undefined
}

export const RUN_OPTIONS: OptionNamesOf<RunOptions<object>> = {
  repeat: true,
  goesOn: true,
  signal: true,
  onTrialStart: true,
  onTrialRepeat: true,
}

/** A repetition that may be made. */
export interface NextRepetition<Variables> {
  /** Counts the repetitions of the point, from 1. */
  readonly round: number
  /** The point's; of a point whose values are compared in turns, those of the first trial. */
  readonly variables: Variables
}

/** Which trial of how many. */
export interface TrialIdentity {
  /** From 1. */
  readonly trial: number
  /** Which repetition of its point, from 1. */
  readonly round: number
  /** How many there are at most: Infinity if only `goesOn` ends them. */
  readonly trials: number
}

/** What came of one trial. */
export type TrialOutcome<Variables> = TrialIdentity & {
  readonly variables: Variables
} & AttemptOutcome

/** The same without which trial it was. */
export type AttemptOutcome = {
  /** Of a trial that was made twice, the beginning of the second attempt. */
  readonly startedAt: Date
  /** Why the trial was made twice: its first attempt took too long. */
  readonly repeatedAfter?: Error
} & (
  | {
      readonly outcome: 'completed'
      readonly columns: ColumnValues
      readonly series: readonly SeriesRow[]
    }
  | { readonly outcome: 'failed'; readonly error: Error }
)
