import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/*
 * Reads files of proc(5). All functions return undefined if there is no /proc or the process is gone.
 */

/** The used fields of /proc/pid/stat, by their index after the command's name. */
export const STAT = {
  ppid: 1,
  utime: 11,
  stime: 12,
  cutime: 13,
  cstime: 14,
  starttime: 19,
} as const

/** Reads /proc/pid/stat, starting with the third field. */
export function statOf(pid: number): readonly string[] | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  // The second field is the command's name in parentheses, which may contain anything.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** An open descriptor of a process. */
export interface OpenFile {
  readonly fd: number
  /** Such as `socket:[1186239]`, with the number of the inode. */
  readonly target: string
}

export function openFilesOf(pid: number): OpenFile[] | undefined {
  const folder = `/proc/${pid}/fd`
  return orUndefined(() => readdirSync(folder))?.flatMap((fd) => {
    const target = orUndefined(() => readlinkSync(`${folder}/${fd}`))
    return target === undefined ? [] : [{ fd: Number(fd), target }]
  })
}

/** The numbers of all visible processes. */
export function allProcesses(): number[] | undefined {
  const names = orUndefined(() => readdirSync('/proc'))
  const pids = names?.filter((name) => /^\d+$/.test(name)).map(Number)
  return pids?.length === 0 ? undefined : pids
}

/** The numbers of a process's threads, as strings. */
export function threadsOf(pid: number): string[] | undefined {
  return orUndefined(() => readdirSync(`/proc/${pid}/task`))
}

export function readText(file: string): string | undefined {
  return orUndefined(() => readFileSync(file, 'latin1'))
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
