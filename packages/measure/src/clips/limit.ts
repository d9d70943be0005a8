/** The side that was busy all the time, so that the other had to wait for it. */
export type Limit = 'server' | 'generator' | 'neither'

/** A thread counts as saturated from this utilisation of a core. */
const SATURATED = 0.9

/** The load of both sides of a trial. */
export interface Busyness {
  /** CPU seconds per second of the server. */
  readonly server: number
  /** CPU seconds per second of the generator. */
  readonly generator: number
  /** Whether the generator sent all requests of an open loop when they were due. */
  readonly isOnTime: boolean
}

/**
 * Finds out what limited a trial. The generator takes precedence, because a server might do more with a faster one. A
 * generator that is on time spins until the next request is due, so its load means nothing.
 */
export function limitOf({ server, generator, isOnTime }: Busyness): Limit {
  if (generator >= SATURATED && !isOnTime) return 'generator'
  return server >= SATURATED ? 'server' : 'neither'
}
