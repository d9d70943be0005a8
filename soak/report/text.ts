import type { Outcome } from '../trial/outcome'
import {
  brokenPromises,
  descriptorBound,
  mebibytes,
  memoryBound,
  threadBound,
} from '../trial/promises'
import type { Window } from '../trial/series'

/** Tells of a server: what its clients did, its memory and descriptors by time, and what promises it broke. */
export function textOf(outcome: Outcome): string {
  const { server, tally, windows, sockets, end } = outcome
  const visits = [...tally.visits].map(([kind, count]) => `${count} ${kind}`).join(', ')
  const broken = brokenPromises(outcome)
  return [
    `${server}: ${broken.length === 0 ? 'kept all promises' : `broke ${broken.length} promises`}`,
    `  visits: ${visits}`,
    `  requests of well-behaved clients: ${tally.requests}, ${tally.right} answered rightly`,
    ...windows.map(windowText),
    ...boundText(windows),
    `  sockets: ${sockets.before} before the first client, ${sockets.after ?? 'unknown'} after the last`,
    `  end: ${end}`,
    ...broken.map((promise) => `  BROKEN: ${promise}`),
    ...tally.words.map((words) => `    ${words}`),
    '',
  ].join('\n')
}

function windowText({ from, to, requests, memory, descriptors, threads }: Window): string {
  const time = `${seconds(from)} to ${seconds(to)} s`.padEnd(18)
  return `  ${time} ${mebibytes(memory).padStart(11)}, ${descriptors} descriptors, ${threads} threads, ${requests} requests so far`
}

function boundText(windows: readonly Window[]): string[] {
  const first = windows[0]
  const last = windows.at(-1)
  if (first === undefined || last === undefined || first === last) return []
  const bound = memoryBound(first, last.threads)
  const visible = (bound - first.memory) / Math.max(1, last.requests - first.requests)
  return [
    `  bounds of the last: ${mebibytes(bound)}, ${descriptorBound(first, last.threads)} descriptors, ` +
      `${threadBound(first)} threads; ` +
      `a leak of ${Math.ceil(visible)} octets per request would show`,
  ]
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(0)
}
