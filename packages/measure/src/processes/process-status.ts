import { openFilesOf, readText, STAT, statOf } from './proc-files'

/*
 * What proc(5) tells of another process. All return undefined where there is no /proc, and
 * for a process that is gone.
 */

/** Linux counts in hundredths of a second for programs, whatever the kernel uses: proc(5). */
const MICROSECONDS_PER_TICK = 10_000

/** User and system time of all threads, in microseconds, to a hundredth of a second. */
export function cpuTimeOf(pid: number): number | undefined {
  return microseconds(pid, STAT.utime, STAT.stime)
}

/** The same of the processes that it had started and has waited for, and of theirs. */
export function cpuTimeOfEndedChildren(pid: number): number | undefined {
  return microseconds(pid, STAT.cutime, STAT.cstime)
}

function microseconds(pid: number, user: number, system: number): number | undefined {
  const stat = statOf(pid)
  if (stat === undefined) return undefined
  return (Number(stat[user]) + Number(stat[system])) * MICROSECONDS_PER_TICK
}

/** The largest resident set so far, in octets, with the pages that it shares with others. */
export function peakMemoryOf(pid: number): number | undefined {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

const STANDARD_ERROR = 2

/** How many sockets the process has open, besides its standard streams, which may be some. */
export function socketsOf(pid: number): number | undefined {
  const files = openFilesOf(pid)
  return files?.filter(({ fd, target }) => fd > STANDARD_ERROR && target.startsWith('socket:'))
    .length
}

/** How many octets it has read by read(2), from files and sockets alike. */
export function octetsReadBy(pid: number): number | undefined {
  const count = /^rchar: (\d+)$/m.exec(readText(`/proc/${pid}/io`) ?? '')?.[1]
  return count === undefined ? undefined : Number(count)
}
