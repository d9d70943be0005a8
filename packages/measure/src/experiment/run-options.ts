import type { OptionNamesOf } from '@h2lab/octets'
import type { ColumnValues, SeriesRow } from './clip'

export interface RunOptions<Variables> {
  /** The most repetitions of each point. Infinity leaves it to `goesOn`. Default 1. */
  readonly repeat?: number | undefined
  /** Called before each repetition of a point. If it returns false, the point is done. Default: always true. */
  readonly goesOn?: ((next: NextRepetition<Variables>) => boolean) | undefined
  /** Ends the run early and abandons the current trials. */
  readonly signal?: AbortSignal | undefined
  /** Called before each trial. In turns, all trials of a repetition start together. */
  readonly onTrialStart?: ((trial: TrialIdentity, variables: Variables) => void) | undefined
  /** Called before a trial is repeated, with the error of its first attempt. */
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

/** A possible repetition. */
export interface NextRepetition<Variables> {
  /** The number of the repetition of this point, from 1. */
  readonly round: number
  /** The variables of the point. In turns, those of the first trial. */
  readonly variables: Variables
}

/** The number of a trial and the total. */
export interface TrialIdentity {
  /** From 1. */
  readonly trial: number
  /** The number of the repetition of its point, from 1. */
  readonly round: number
  /** The most trials. Infinity if only `goesOn` ends them. */
  readonly trials: number
}

/** The result of one trial. */
export type TrialOutcome<Variables> = TrialIdentity & {
  readonly variables: Variables
} & AttemptOutcome

/** The outcome without the number of the trial. */
export type AttemptOutcome = {
  /** For a repeated trial, the start of the second attempt. */
  readonly startedAt: Date
  /** Why the trial was repeated: the error of its first attempt, which took too long. */
  readonly repeatedAfter?: Error
} & (
  | {
      readonly outcome: 'completed'
      readonly columns: ColumnValues
      readonly series: readonly SeriesRow[]
    }
  | { readonly outcome: 'failed'; readonly error: Error }
)
