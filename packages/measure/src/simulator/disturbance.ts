import { availableParallelism } from 'node:os'
import { type MachineTimes, machineTimes } from '../machine/machine-times'

/** What others used of the machine during a measurement, in CPU seconds. */
export interface Disturbance {
  /** Other processes. Slightly below zero if there were none, because the counters are coarse. */
  readonly others: number
  /** The hypervisor, for other machines. */
  readonly stolen: number
}

/**
 * CPU seconds per second that others may use of the two CPUs needed by a server and its generator. The counters are
 * in ticks, so for 100 ms on two CPUs they are easily off by 0.1. 0.25 of a CPU affects the cost of a request.
 */
const TOLERATED = 0.25

/** CPU seconds per second that others may use of each further CPU. Load there only shares caches and heat. */
const TOLERATED_OF_SPARE_CPU = 0.5

const NEEDED_CPUS = 2

/** Whether a measurement of this many seconds was disturbed too much. */
export function isDisturbed({ others, stolen }: Disturbance, seconds: number): boolean {
  const spare = Math.max(0, availableParallelism() - NEEDED_CPUS)
  return (others + stolen) / seconds > TOLERATED + TOLERATED_OF_SPARE_CPU * spare
}

/** Starts to watch what others use; undefined if unknown. */
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
   * @param ours CPU seconds of the server and the generator during the watch, without this process
   * @returns undefined if unknown
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

/** The CPU seconds of this process. */
function ownCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
