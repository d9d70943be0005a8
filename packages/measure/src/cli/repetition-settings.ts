import { MeasureError } from '../errors'
import { integerValue, numberValue, percentValue } from './values'

/** The options for the number of repetitions, from the command line. */
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
      /** A point is not repeated any more once its intervals are this narrow, as a fraction: 0.05 is 5 %. */
      readonly precision: number | undefined
    }

/** Leaves `npm start` enough time to build and to write the report within three minutes. */
export const DEFAULT_PLAN: RepetitionPlan = { kind: 'budget', minutes: 2.3, precision: undefined }

export const QUICK_PLAN: RepetitionPlan = { kind: 'budget', minutes: 0.4, precision: undefined }

/** Whole trials have a fixed duration, so their number is planned. */
export const WHOLE_PLAN: RepetitionPlan = { kind: 'fixed', times: 3 }

/** The budget of a run with a requested precision, in minutes. */
export const PRECISION_BUDGET = 60

const MOST_ROUNDS = 1000
const MOST_MINUTES = 10_000
const LEAST_PRECISION = 0.1
const MOST_PRECISION = 100

/**
 * Checks these options.
 *
 * @param usual the plan without any of these options
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
        `--repeat and ${other} can't be given together: choose a number of repetitions, or as many as it takes.`,
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
