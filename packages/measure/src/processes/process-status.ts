import { openFilesOf, readText, STAT, statOf } from './proc-files'

/*
 * The status of another process from proc(5). All functions return undefined if there is no /proc or the process is
 * gone.
 */

/** Linux reports hundredths of a second to programs, regardless of the kernel's tick: proc(5). */
const MICROSECONDS_PER_TICK = 10_000

/** User and system time of all threads, in microseconds, to a hundredth of a second. */
export function cpuTimeOf(pid: number): number | undefined {
  return microseconds(pid, STAT.utime, STAT.stime)
}

/** The CPU time of children that it has waited for, and of their children. */
export function cpuTimeOfEndedChildren(pid: number): number | undefined {
  return microseconds(pid, STAT.cutime, STAT.cstime)
}

function microseconds(pid: number, user: number, system: number): number | undefined {
  const stat = statOf(pid)
  if (stat === undefined) return undefined
  return (Number(stat[user]) + Number(stat[system])) * MICROSECONDS_PER_TICK
}

/** The largest resident set so far, in octets, including shared pages. */
export function peakMemoryOf(pid: number): number | undefined {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}

const STANDARD_ERROR = 2

/** How many sockets the process has open, not counting its standard streams, which may be sockets. */
export function socketsOf(pid: number): number | undefined {
  const files = openFilesOf(pid)
  return files?.filter(({ fd, target }) => fd > STANDARD_ERROR && target.startsWith('socket:'))
    .length
}

/** How many octets it has read with read(2), from files and sockets. */
export function octetsReadBy(pid: number): number | undefined {
  const count = /^rchar: (\d+)$/m.exec(readText(`/proc/${pid}/io`) ?? '')?.[1]
  return count === undefined ? undefined : Number(count)
}
