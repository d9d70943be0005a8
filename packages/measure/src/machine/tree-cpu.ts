import { STAT, statOf } from '../processes/proc-files'
import { processTreeOf } from '../processes/process-tree'
import { endedChildrenCpu, hasSchedstat, ProcessCpu } from './process-cpu'

/**
 * Where CPU time comes from: the scheduler's counters of each thread, in nanoseconds; or what processes say of
 * themselves in microseconds, and /proc of others in hundredths of a second.
 */
export type CpuSource = 'schedstat' | 'usage'

/** Tells which source this machine has. */
export function cpuSource(): CpuSource {
  return hasSchedstat() ? 'schedstat' : 'usage'
}

/**
 * CPU time of a process and all that it started, in nanoseconds. It never goes back: what threads and processes had
 * used when they were seen last stays counted when they have ended.
 */
export class TreeCpu {
  readonly #pid: number
  readonly #processes = new Map<number, ProcessCpu>()
  /** Of processes that are gone. */
  #ended = 0
  #total = 0

  constructor(pid: number) {
    this.#pid = pid
  }

  /** Returns what has been used so far; of a tree that is gone, what it was. */
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
    // Their parents' counts are coarse, but they have also those that were never seen.
    const live = [...this.#processes.values()].reduce((sum, { total }) => sum + total, 0)
    this.#total = Math.max(this.#total, live + Math.max(this.#ended, endedChildren))
    return this.#total
  }

  /** It is gone, or another one has its number. */
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
