import type { Estimate } from '../statistics/estimate'

/** The share of requests that may be left over: those due at the very end of a turn. */
const LEFT_OVER = 0.001

/**
 * The share of a turn that the median request may wait. A steadily growing queue is half as long in the middle of a
 * turn as at its end, so this is reached if requests arrive 5 % faster than they are answered.
 */
const GROWTH = 0.025

/** The figures of a row that matter here, as in `Cell`. */
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
 * Whether a server did not keep up with the offered rate: some requests could not be sent because all its connections
 * were full, were never answered, or took longer and longer during a turn.
 */
export function isOverloaded(cell: Loaded): boolean {
  if (cell.offeredRate === null) return false
  const leftOver = (cell.requestsUnsent ?? 0) + cell.requestsUnanswered
  return leftOver > cell.requestsDue * LEFT_OVER || hasGrown(cell)
}

/**
 * A steadily growing queue is half as long in the middle of a turn as at its end. A remote server, whose CPU time is
 * unknown, may have a long round trip, so its latency says nothing about a queue.
 */
function hasGrown({ latencyP50, turnSeconds, serverCpuPerRequest }: Loaded): boolean {
  if (latencyP50 === null || turnSeconds === null || serverCpuPerRequest === null) return false
  return latencyP50.value > turnSeconds * 1e6 * GROWTH
}
