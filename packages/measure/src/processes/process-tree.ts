import type { ResourceUsage } from '../server-process/messages'
import { allProcesses, STAT, statOf } from './proc-files'
import { cpuTimeOf, cpuTimeOfEndedChildren, peakMemoryOf } from './process-status'

/**
 * The process itself, all that it started and that those did, as far as they have not ended.
 * Undefined where there is no /proc; empty for a process that is gone.
 */
export function processTreeOf(pid: number): readonly number[] | undefined {
  const all = allProcesses()
  if (all === undefined) return undefined
  const childrenOf = new Map<number, number[]>()
  for (const one of all) {
    const parent = Number(statOf(one)?.[STAT.ppid])
    const siblings = childrenOf.get(parent)
    if (siblings === undefined) childrenOf.set(parent, [one])
    else siblings.push(one)
  }
  const withDescendants = (one: number): number[] => [
    one,
    ...(childrenOf.get(one) ?? []).flatMap(withDescendants),
  ]
  return all.includes(pid) ? withDescendants(pid) : []
}

/**
 * What a process and all that it started have used since then, also those that have ended: CPU
 * time to a hundredth of a second, and the sum of the largest resident sets, where memory that
 * processes share counts for each. Undefined where there is no /proc.
 */
export function usageOfTree(pid: number): ResourceUsage | undefined {
  const tree = processTreeOf(pid)
  if (tree === undefined) return undefined
  const sum = (of: (pid: number) => number | undefined) =>
    tree.reduce((total, one) => total + (of(one) ?? 0), 0)
  return { cpu: sum(cpuTimeOf) + sum(cpuTimeOfEndedChildren), peakMemory: sum(peakMemoryOf) }
}
