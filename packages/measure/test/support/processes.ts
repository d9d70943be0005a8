import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { eventually } from '../../../../test-support/eventually'

/** Whether the system tells of its processes in proc(5). */
export const HAS_PROC = existsSync('/proc/self/stat')

export interface ProcessInfo {
  readonly pid: number
  readonly command: string
}

/** The processes that a process has started, and those that they have. */
export function descendantsOf(pid: number): ProcessInfo[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)))
  const found: ProcessInfo[] = []
  const search = (parent: number) => {
    for (const one of all) {
      if (one.parent !== parent) continue
      found.push({ pid: one.pid, command: one.command })
      search(one.pid)
    }
  }
  search(pid)
  return found
}

function statOf(pid: number): { pid: number; parent: number; command: string }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z') return []
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
    return [{ pid, parent: Number(parent), command }]
  } catch {
    // Gone in the meantime.
    return []
  }
}

/** Waits until none of the processes is left. */
export async function allGone(processes: readonly ProcessInfo[]): Promise<void> {
  await eventually(() => {
    const left = processes.filter(({ pid }) => statOf(pid).length > 0)
    if (left.length > 0) throw new Error(`still there: ${JSON.stringify(left)}`)
  })
}
