import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'

/*
 * What proc(5) tells of a server's processes: the one that was started, and its children.
 */

export interface ProcessState {
  /** Resident memory in octets; what processes share counts for each. */
  readonly memory: number
  /** The most resident memory since {@link forgetPeak}. */
  readonly peak: number
  /** Open sockets. What a thread has for itself goes with the thread, and shows in the memory. */
  readonly descriptors: number
}

/** @returns undefined if the process is gone, or there is no /proc */
export function stateOf(pid: number): ProcessState | undefined {
  if (!isAlive(pid)) return undefined
  const states = treeOf(pid).map((one) => {
    const status = textOf(`/proc/${one}/status`)
    return {
      memory: kibibytes(status, 'VmRSS'),
      peak: kibibytes(status, 'VmHWM'),
      descriptors: socketsOf(one),
    }
  })
  const sum = (key: keyof ProcessState) => states.reduce((total, state) => total + state[key], 0)
  return { memory: sum('memory'), peak: sum('peak'), descriptors: sum('descriptors') }
}

/** Makes the peak begin with what is resident now, see clear_refs in proc(5). */
export function forgetPeak(pid: number): void {
  for (const one of treeOf(pid)) {
    try {
      writeFileSync(`/proc/${one}/clear_refs`, '5')
    } catch {
      // Another user's: the peak is that since its start.
    }
  }
}

/** Whether it runs: one that has ended but is not waited for does not. */
export function isAlive(pid: number): boolean {
  const state = /^State:\s*(\S)/m.exec(textOf(`/proc/${pid}/status`))?.[1]
  return state !== undefined && state !== 'Z' && state !== 'X'
}

/** The process and all that it started, as far as they run. */
export function treeOf(pid: number): number[] {
  const children = namesIn(`/proc/${pid}/task`).flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(treeOf)]
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`
  return namesIn(folder).filter((name) => {
    try {
      return readlinkSync(`${folder}/${name}`).startsWith('socket:')
    } catch {
      return false
    }
  }).length
}

function kibibytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
