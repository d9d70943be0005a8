/*
 * Detects when a server is warm: V8 has compiled the hot code, and the cost of a request is stable.
 */

/** How many slices are averaged. A single one is off by some percent, more on a busy machine. */
const WINDOW = 4

/**
 * How far the last slices may differ from the previous ones, as a fraction. Each step of V8's compilers makes
 * requests cheaper by a tenth or more. Between two steps the cost may be steady for a moment, so the windows must not
 * be shorter.
 */
const TOLERANCE = 0.05

/** @param costs the cost of a request in each slice so far, in any unit */
export function isSteady(costs: readonly number[]): boolean {
  if (costs.length < 2 * WINDOW) return false
  const last = sum(costs.slice(-WINDOW))
  const before = sum(costs.slice(-2 * WINDOW, -WINDOW))
  return Math.abs(last / before - 1) <= TOLERANCE
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
