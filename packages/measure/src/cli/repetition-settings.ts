import { MeasureError } from '../errors'
import { integerValue, numberValue, percentValue } from './values'

/** The options that say how often each point is measured, as they come from the command line. */
export interface RepetitionFlags {
  readonly repeat?: unknown
  readonly precision?: unknown
  readonly budget?: unknown
}

/** How often each point is measured. */
export type RepetitionPlan =
  | { readonly kind: 'fixed'; readonly times: number }
  | {
      readonly kind: 'budget'
      readonly minutes: number
      /** How narrow intervals have to be so that a point is not repeated, as a part: 0.05 is 5 %. */
      readonly precision: number | undefined
    }

/** Leaves `npm start` the time to build and to write the report within three minutes. */
export const DEFAULT_PLAN: RepetitionPlan = { kind: 'budget', minutes: 2.3, precision: undefined }

export const QUICK_PLAN: RepetitionPlan = { kind: 'budget', minutes: 0.4, precision: undefined }

/** Trials that run whole take as long as they are told to, so their number is what is planned. */
export const WHOLE_PLAN: RepetitionPlan = { kind: 'fixed', times: 3 }

/** The budget of a run that is to reach a precision, in minutes. */
export const PRECISION_BUDGET = 60

const MOST_ROUNDS = 1000
const MOST_MINUTES = 10_000
const LEAST_PRECISION = 0.1
const MOST_PRECISION = 100

/**
 * Checks these options.
 *
 * @param usual what goes without any of them
 * @throws MeasureError `USAGE` naming the option and what is allowed
 */
export function repetitionPlan(
  { repeat, precision, budget }: RepetitionFlags,
  usual: RepetitionPlan,
): RepetitionPlan {
  if (repeat !== undefined) {
    const other = precision !== undefined ? '--precision' : budget !== undefined ? '--budget' : ''
    if (other !== '') {
      throw new MeasureError(
        'USAGE',
        `--repeat and ${other} exclude each other: either so many repetitions, or as many as it takes.`,
      )
    }
    return { kind: 'fixed', times: integerValue('repeat', repeat, 1, MOST_ROUNDS) }
  }
  if (precision === undefined && budget === undefined) return usual
  return {
    kind: 'budget',
    minutes:
      budget === undefined ? PRECISION_BUDGET : numberValue('budget', budget, 0, MOST_MINUTES),
    precision:
      precision === undefined
        ? undefined
        : percentValue('precision', precision, LEAST_PRECISION, MOST_PRECISION),
  }
}
