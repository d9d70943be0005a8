import * as v from 'valibot'

/*
 * The numbers of saved runs, and of what other processes report. JSON has larger ones, such as 1e999, which is read as
 * Infinity; nothing can be estimated from them.
 */

const LARGEST = Number.MAX_SAFE_INTEGER

/** An integer from 0. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LARGEST))

/** A number from 0. */
export const measure = v.pipe(v.number(), v.minValue(0), v.maxValue(LARGEST))
