import type { Estimate } from '../statistics/estimate'

/** The share of requests that may be left over: those that were due in the last moment of a turn. */
const LEFT_OVER = 0.001

/**
 * The share of a turn that half of the requests may wait. A queue that grows steadily is half as long in the middle of a
 * turn as at its end, so this is reached where requests come 5 % faster than they are answered.
 */
const GROWTH = 0.025

/** What is looked at: a row's figures, as in `Cell`. */
export interface Loaded {
  readonly offeredRate: number | null
  readonly requestsDue: number
  readonly requestsUnsent: number | null
  readonly requestsUnanswered: number
  readonly latencyP50: Estimate | null
  readonly turnSeconds: number | null
  readonly serverCpuPerRequest: Estimate | null
}

/**
 * Whether a server that was offered requests at a rate did not keep up: some could not be sent, since all its
 * connections were full, or were never answered, or their times grew from the beginning of a turn to its end.
 */
export function isOverloaded(cell: Loaded): boolean {
  if (cell.offeredRate === null) return false
  const leftOver = (cell.requestsUnsent ?? 0) + cell.requestsUnanswered
  return leftOver > cell.requestsDue * LEFT_OVER || hasGrown(cell)
}

/**
 * A queue that grows steadily has half of its last length in the middle of a turn. A server elsewhere, whose CPU time
 * is unknown, may be as far away: its times say nothing of a queue.
 */
function hasGrown({ latencyP50, turnSeconds, serverCpuPerRequest }: Loaded): boolean {
  if (latencyP50 === null || turnSeconds === null || serverCpuPerRequest === null) return false
  return latencyP50.value > turnSeconds * 1e6 * GROWTH
}
