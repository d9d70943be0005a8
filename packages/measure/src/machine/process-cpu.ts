import { readText, STAT, statOf, threadsOf } from '../processes/proc-files'

const NANOSECONDS_PER_TICK = 1e7

/**
 * CPU time of one process in nanoseconds, all threads together, from the scheduler's own counters:
 * /proc/PID/task/TID/schedstat. A thread that has ended has none, so each keeps what it had when it was seen last.
 */
export class ProcessCpu {
  readonly #pid: number
  /** When the process began, in ticks: another one may get its number later. */
  readonly startTime: string
  readonly #threads = new Map<string, number>()
  /** Of threads that are gone. */
  #ended = 0
  #total = 0

  /** @param startTime of the process, as {@link startTimeOf} tells */
  constructor(pid: number, startTime: string) {
    this.#pid = pid
    this.startTime = startTime
  }

  /** What it had used when it was read last. */
  get total(): number {
    return this.#total
  }

  /** Reads it; of a process that is gone, the total stays. */
  read(stat: readonly string[]): void {
    const seen = new Set<string>()
    for (const [thread, time] of threadTimesOf(this.#pid)) {
      const before = this.#threads.get(thread) ?? 0
      // A later thread has the number of one that is gone.
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
    // Ticks are coarse, but they count also what threads did after they were seen last.
    const ticks = Number(stat[STAT.utime]) + Number(stat[STAT.stime])
    this.#total = Math.max(this.#total, threads, ticks * NANOSECONDS_PER_TICK)
  }
}

/** What processes have used that a process had started and that it has waited for, in nanoseconds. */
export function endedChildrenCpu(stat: readonly string[]): number {
  return (Number(stat[STAT.cutime]) + Number(stat[STAT.cstime])) * NANOSECONDS_PER_TICK
}

/** Whether the kernel counts CPU time in nanoseconds for each thread. */
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

/** When a process began, in ticks since the machine did; with its number this names it for good. */
export function startTimeOf(pid: number): string | undefined {
  return statOf(pid)?.[STAT.starttime]
}
