import { availableParallelism } from 'node:os'
import { type MachineTimes, machineTimes } from '../machine/machine-times'

/** What others took of the machine while something was measured, in CPU seconds. */
export interface Disturbance {
  /** Other processes. Somewhat below zero if there were none: the machine counts coarsely. */
  readonly others: number
  /** The hypervisor, for other machines. */
  readonly stolen: number
}

/**
 * CPU seconds a second that others may take of the two CPUs that a server and its generator need. The machine counts
 * in ticks, so that in 100 ms on two CPUs it is wrong by 0.1 easily; 0.25 of one CPU shows in what a request costs.
 */
const TOLERATED = 0.25

/** The same of each further CPU. What runs there shares caches and heat only. */
const TOLERATED_OF_SPARE_CPU = 0.5

const NEEDED_CPUS = 2

/** Whether what was measured in so many seconds says more of others than of the server. */
export function isDisturbed({ others, stolen }: Disturbance, seconds: number): boolean {
  const spare = Math.max(0, availableParallelism() - NEEDED_CPUS)
  return (others + stolen) / seconds > TOLERATED + TOLERATED_OF_SPARE_CPU * spare
}

/** Watches what others take from here on; undefined where unknown. */
export function watchDisturbance(): DisturbanceWatch | undefined {
  const before = machineTimes()
  return before === undefined ? undefined : new DisturbanceWatch(before)
}

export class DisturbanceWatch {
  readonly #before: MachineTimes
  readonly #ownBefore = ownCpu()

  constructor(before: MachineTimes) {
    this.#before = before
  }

  /**
   * @param ours CPU seconds of the server and the generator meanwhile; this process is known
   * @returns undefined where unknown
   */
  end(ours: number): Disturbance | undefined {
    const now = machineTimes()
    if (now === undefined) return undefined
    return {
      others: now.busy - this.#before.busy - ours - (ownCpu() - this.#ownBefore),
      stolen: now.stolen - this.#before.stolen,
    }
  }
}

/** CPU seconds of this process. */
function ownCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
