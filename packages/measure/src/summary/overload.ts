import type { Estimate } from '../statistics/estimate'

/** The share of requests that may be left over: those due at the very end of a turn. */
const LEFT_OVER = 0.001

/**
 * The share of a turn that half of the requests may wait beside the time that they take without a queue. A queue that grows steadily is half as long in the middle of a
 * turn as at its end, so this is reached where requests come 5 % faster than they are answered.
 */
const GROWTH = 0.025

/** The share of a turn that requests may take without a queue: more is believed to be one. */
const LONGEST_UNLOADED = 0.1

/** What is looked at: a row's figures, as in `Cell`. */
export interface Loaded {
  readonly offeredRate: number | null
  readonly requestsDue: number
  readonly requestsUnsent: number | null
  readonly requestsUnanswered: number
  readonly latencyP50: Estimate | null
  readonly latencyUnloaded: number | null
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
 * A queue that grows steadily has half of its last length in the middle of a turn. What half of the requests take at the
 * server's best rate is no queue, but the way to it and its work. Where that is unknown, a server elsewhere, whose CPU
 * time is unknown, may be as far away: its times say nothing of a queue.
 */
function hasGrown(loaded: Loaded): boolean {
  const { latencyP50, latencyUnloaded, turnSeconds, serverCpuPerRequest } = loaded
  if (latencyP50 === null || turnSeconds === null) return false
  if (latencyUnloaded === null && serverCpuPerRequest === null) return false
  const turn = turnSeconds * 1e6
  const unloaded = Math.min(latencyUnloaded ?? 0, turn * LONGEST_UNLOADED)
  return latencyP50.value - unloaded > turn * GROWTH
}
