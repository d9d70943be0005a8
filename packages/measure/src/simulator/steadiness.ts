/*
 * When a server is warm: V8 has compiled what it needs, and what a request costs moves no more.
 */

/**
 * How many successive slices have to be alike. V8 compiles in steps, with plateaus of two or three slices in between.
 * On a busy machine, starts of `async/http2` at 5 x 100 differed by 5 % (standard deviation of the ratio of two, 0.6 s
 * each) where four had to be alike, and by 8 % where three had to.
 */
const SLICES = 4

/**
 * How far the dearest of them may be from the cheapest, as a part of it. Slices of a warm server of 100 ms differ
 * by some per cent; a cold one is dearer by half or more, and gets there within a few slices.
 */
const TOLERANCE = 0.1

/** @param costs of a request in each slice so far, in any unit */
export function isSteady(costs: readonly number[]): boolean {
  const last = costs.slice(-SLICES)
  if (last.length < SLICES) return false
  return Math.max(...last) <= Math.min(...last) * (1 + TOLERANCE)
}
