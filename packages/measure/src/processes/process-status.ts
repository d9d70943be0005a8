import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/*
 * What proc(5) tells of another process. All return undefined where there is no /proc, and
 * for a process that is gone.
 */

/** Linux counts in hundredths of a second for programs, whatever the kernel uses: proc(5). */
const MICROSECONDS_PER_TICK = 10_000

/** User and system time of all threads, in microseconds, to a hundredth of a second. */
export function cpuTimeOf(pid: number): number | undefined {
  return orUndefined(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the command's name in parentheses, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK
  })
}

const STANDARD_ERROR = 2

/** How many sockets the process has open, besides its standard streams, which may be some. */
export function socketsOf(pid: number): number | undefined {
  return orUndefined(() => {
    const folder = `/proc/${pid}/fd`
    const targets = readdirSync(folder)
      .filter((fd) => Number(fd) > STANDARD_ERROR)
      .map((fd) => orUndefined(() => readlinkSync(`${folder}/${fd}`)))
    return targets.filter((target) => target?.startsWith('socket:')).length
  })
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
