import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'

/** The rest is for the application, and for what nobody counts. */
const PART_OF_MEMORY = 1 / 4
const PART_OF_HEAP = 1 / 2

/**
 * How many bytes the clients of a server may make it hold, unless the limit `maxMemory` says: a quarter of the memory
 * that the process may use, a container's limit respected, or half of the heap of this thread, if that is less.
 */
export function defaultMaxMemory(): number {
  const memory = Math.min(totalmem(), containerLimit())
  return Math.floor(
    Math.min(memory * PART_OF_MEMORY, getHeapStatistics().heap_size_limit * PART_OF_HEAP),
  )
}

/** By cgroups(7); Infinity without one. */
function containerLimit(): number {
  const limit = process.constrainedMemory?.() ?? 0
  return limit > 0 ? limit : Number.POSITIVE_INFINITY
}
