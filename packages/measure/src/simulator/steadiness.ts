/*
 * When a server is warm: V8 has compiled what it needs, and what a request costs moves no more.
 */

/** How many slices are averaged: one alone is off by some per cent, more on a busy machine. */
const WINDOW = 4

/**
 * How far the last slices may be from those before, as a part. Each step of V8's compilers makes requests cheaper by
 * a tenth or more, and between two of them they may be steady for a moment: so the windows are not shorter.
 */
const TOLERANCE = 0.05

/** @param costs of a request in each slice so far, in any unit */
export function isSteady(costs: readonly number[]): boolean {
  if (costs.length < 2 * WINDOW) return false
  const last = sum(costs.slice(-WINDOW))
  const before = sum(costs.slice(-2 * WINDOW, -WINDOW))
  return Math.abs(last / before - 1) <= TOLERANCE
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
