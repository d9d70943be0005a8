import { STAT, statOf } from '../processes/proc-files'
import { processTreeOf } from '../processes/process-tree'
import { endedChildrenCpu, hasSchedstat, ProcessCpu } from './process-cpu'

/**
 * The source of CPU times: the scheduler's counters of each thread, in nanoseconds, or what processes report
 * themselves in microseconds, and /proc for other processes in hundredths of a second.
 */
export type CpuSource = 'schedstat' | 'usage'

/** The source that this machine supports. */
export function cpuSource(): CpuSource {
  return hasSchedstat() ? 'schedstat' : 'usage'
}

/**
 * The CPU time of a process and all its descendants, in nanoseconds. It never decreases: the last seen usage of ended
 * threads and processes stays counted.
 */
export class TreeCpu {
  readonly #pid: number
  readonly #processes = new Map<number, ProcessCpu>()
  /** The CPU time of processes that have ended. */
  #ended = 0
  #total = 0

  constructor(pid: number) {
    this.#pid = pid
  }

  /** Returns the CPU time so far. If the tree is gone, the last value. */
  read(): number {
    let endedChildren = 0
    const tree = processTreeOf(this.#pid) ?? []
    for (const pid of new Set([...tree, ...this.#processes.keys()])) {
      const stat = statOf(pid)
      const known = this.#processes.get(pid)
      if (known !== undefined && known.startTime !== stat?.[STAT.starttime])
        this.#forget(pid, known)
      if (stat === undefined || !(tree.includes(pid) || this.#processes.has(pid))) continue
      this.#processOf(pid, stat[STAT.starttime]!).read(stat)
      endedChildren += endedChildrenCpu(stat)
    }
    // The counts of parents are coarse, but include processes that were never seen.
    const live = [...this.#processes.values()].reduce((sum, { total }) => sum + total, 0)
    this.#total = Math.max(this.#total, live + Math.max(this.#ended, endedChildren))
    return this.#total
  }

  /** The process is gone, or its number was reused. */
  #forget(pid: number, { total }: ProcessCpu): void {
    this.#ended += total
    this.#processes.delete(pid)
  }

  #processOf(pid: number, startTime: string): ProcessCpu {
    const known = this.#processes.get(pid)
    if (known !== undefined) return known
    const one = new ProcessCpu(pid, startTime)
    this.#processes.set(pid, one)
    return one
  }
}
