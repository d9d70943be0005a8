import type { ResourceUsage } from '../server-process/messages'
import { allProcesses, readText, STAT, statOf, threadsOf } from './proc-files'
import { cpuTimeOf, cpuTimeOfEndedChildren, peakMemoryOf } from './process-status'

/**
 * The process and all its descendants that have not ended. Undefined if there is no /proc; empty if the process is
 * gone.
 */
export function processTreeOf(pid: number): readonly number[] | undefined {
  if (statOf(process.pid) === undefined) return undefined
  if (statOf(pid) === undefined) return []
  const childrenOf = childrenOfOne(process.pid) === undefined ? searchedChildren() : childrenOfOne
  const withDescendants = (one: number): number[] => [
    one,
    ...(childrenOf(one) ?? []).flatMap(withDescendants),
  ]
  return withDescendants(pid)
}

/** Reads the children of each thread, if the kernel supports it. */
function childrenOfOne(pid: number): number[] | undefined {
  const lists = threadsOf(pid)?.map((thread) => readText(`/proc/${pid}/task/${thread}/children`))
  if (lists === undefined || lists.every((list) => list === undefined)) return undefined
  return lists.flatMap((list) => list?.trim().split(' ').filter(Boolean).map(Number) ?? [])
}

/** Finds the children of all processes by their parent. */
function searchedChildren(): (pid: number) => number[] | undefined {
  const childrenOf = new Map<number, number[]>()
  for (const one of allProcesses() ?? []) {
    const parent = Number(statOf(one)?.[STAT.ppid])
    const siblings = childrenOf.get(parent)
    if (siblings === undefined) childrenOf.set(parent, [one])
    else siblings.push(one)
  }
  return (pid) => childrenOf.get(pid)
}

/**
 * What a process and all its descendants have used since their start, including those that have ended: CPU time to a
 * hundredth of a second, and the sum of the largest resident sets, in which shared memory counts for each process.
 * Undefined if there is no /proc.
 */
export function usageOfTree(pid: number): ResourceUsage | undefined {
  const tree = processTreeOf(pid)
  if (tree === undefined) return undefined
  const sum = (of: (pid: number) => number | undefined) =>
    tree.reduce((total, one) => total + (of(one) ?? 0), 0)
  return { cpu: sum(cpuTimeOf) + sum(cpuTimeOfEndedChildren), peakMemory: sum(peakMemoryOf) }
}
