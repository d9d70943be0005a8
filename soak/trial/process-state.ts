import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** What proc(5) tells of a server's process. */
export interface ProcessState {
  /** Resident memory in octets. */
  readonly memory: number
  readonly descriptors: number
  /** Those of them that are sockets. */
  readonly sockets: number
  readonly threads: number
}

/** @returns undefined if the process is gone */
export function stateOf(pid: number): ProcessState | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]
    // A process that has ended but is not waited for has no memory.
    if (kibibytes === undefined) return undefined
    const descriptors = readdirSync(`/proc/${pid}/fd`)
    return {
      memory: Number(kibibytes) * 1024,
      threads: Number(/^Threads:\s*(\d+)$/m.exec(status)?.[1]),
      descriptors: descriptors.length,
      sockets: descriptors.filter((name) => isSocket(`/proc/${pid}/fd/${name}`)).length,
    }
  } catch {
    return undefined
  }
}

function isSocket(link: string): boolean {
  try {
    return readlinkSync(link).startsWith('socket:')
  } catch {
    // It was just closed.
    return false
  }
}
