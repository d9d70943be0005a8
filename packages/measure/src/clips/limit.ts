/** What was busy all the time, so that the other side had to wait for it. */
export type Limit = 'server' | 'generator' | 'neither'

/** Utilisation of one core from which on a single thread counts as saturated. */
const SATURATED = 0.9

/** What is known of both sides of a trial. */
export interface Busyness {
  /** CPU seconds a second of the server. */
  readonly server: number
  /** The same of the generator. */
  readonly generator: number
  /** Whether the generator sent all requests of an open loop when they were due. */
  readonly isOnTime: boolean
}

/**
 * Tells what limited a trial. The generator comes first: a server whose generator has no more to give could perhaps do
 * more. While a generator is on time it spins until the next request is due, and that it is busy means nothing.
 */
export function limitOf({ server, generator, isOnTime }: Busyness): Limit {
  if (generator >= SATURATED && !isOnTime) return 'generator'
  return server >= SATURATED ? 'server' : 'neither'
}
