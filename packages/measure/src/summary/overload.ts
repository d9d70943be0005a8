import type { Cell } from './cells'

/** The share of requests that may be left over: those that were due in the last moment of a turn. */
const LEFT_OVER = 0.001

/**
 * Half of the requests waited longer than this share of a turn: if the queue grows as steadily as it does when there is
 * too much to do, that is twenty times as much in a second as is left of the server.
 */
const GROWTH = 0.025

/** What is looked at. */
export type Loaded = Pick<
  Cell,
  | 'offeredRate'
  | 'requestsDue'
  | 'requestsUnsent'
  | 'requestsUnanswered'
  | 'latencyP50'
  | 'turnSeconds'
  | 'serverCpuPerRequest'
>

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
 * nobody tells, may be as far away: its times say nothing of a queue.
 */
function hasGrown({ latencyP50, turnSeconds, serverCpuPerRequest }: Loaded): boolean {
  if (latencyP50 === null || turnSeconds === null || serverCpuPerRequest === null) return false
  return latencyP50.value > turnSeconds * 1e6 * GROWTH
}
