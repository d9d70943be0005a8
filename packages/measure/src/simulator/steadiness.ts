/*
 * When a server is warm: V8 has compiled what it needs, and what a request costs moves no more.
 */

/** How many successive slices have to be alike. */
const SLICES = 3

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
