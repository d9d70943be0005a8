import { readText, STAT, statOf, threadsOf } from '../processes/proc-files'

const NANOSECONDS_PER_TICK = 1e7

/**
 * The CPU time of a process in nanoseconds, for all threads together, from the scheduler's counters in
 * /proc/PID/task/TID/schedstat. These disappear when a thread ends, so its last seen value is kept.
 */
export class ProcessCpu {
  readonly #pid: number
  /** The start time of the process, in ticks. Its number may be reused later. */
  readonly startTime: string
  readonly #threads = new Map<string, number>()
  /** The CPU time of threads that have ended. */
  #ended = 0
  #total = 0

  /** @param startTime of the process, from {@link startTimeOf} */
  constructor(pid: number, startTime: string) {
    this.#pid = pid
    this.startTime = startTime
  }

  /** The CPU time at the last read. */
  get total(): number {
    return this.#total
  }

  /** Reads the counters. The total stays if the process is gone. */
  read(stat: readonly string[]): void {
    const seen = new Set<string>()
    for (const [thread, time] of threadTimesOf(this.#pid)) {
      const before = this.#threads.get(thread) ?? 0
      // A new thread has the number of an ended one.
      if (time < before) this.#ended += before
      this.#threads.set(thread, time)
      seen.add(thread)
    }
    for (const [thread, time] of this.#threads) {
      if (seen.has(thread)) continue
      this.#ended += time
      this.#threads.delete(thread)
    }
    const threads = [...this.#threads.values()].reduce((sum, time) => sum + time, this.#ended)
    // Ticks are coarse, but they include what threads did after they were last seen.
    const ticks = Number(stat[STAT.utime]) + Number(stat[STAT.stime])
    this.#total = Math.max(this.#total, threads, ticks * NANOSECONDS_PER_TICK)
  }
}

/** The CPU time of children that a process has waited for, in nanoseconds. */
export function endedChildrenCpu(stat: readonly string[]): number {
  return (Number(stat[STAT.cutime]) + Number(stat[STAT.cstime])) * NANOSECONDS_PER_TICK
}

/** Whether the kernel counts CPU time per thread in nanoseconds. */
export function hasSchedstat(): boolean {
  return schedstatOf(process.pid, String(process.pid)) !== undefined
}

function threadTimesOf(pid: number): [thread: string, nanoseconds: number][] {
  return (threadsOf(pid) ?? []).flatMap((thread) => {
    const time = schedstatOf(pid, thread)
    return time === undefined ? [] : [[thread, time] as [string, number]]
  })
}

function schedstatOf(pid: number, thread: string): number | undefined {
  const [time] = readText(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ') ?? []
  return time === undefined ? undefined : Number(time)
}

/** The start time of a process, in ticks since boot. Together with the number it identifies the process. */
export function startTimeOf(pid: number): string | undefined {
  return statOf(pid)?.[STAT.starttime]
}
