import { CROWD } from '../clients/crowd'
import { CLEAN_END } from '../servers/program'
import type { Outcome } from './outcome'
import type { Window } from './series'

const MIB = 1_048_576

/**
 * How much memory the last window may have. A heap breathes between collections: the young generation of V8 takes up to
 * 32 MiB, and what the old one holds beyond what lives grows with it, by less than a tenth at this size. A server with a
 * heap in each thread has as many as it has clients, so its memory is seen in proportion to its threads. What grows on
 * goes beyond this some time; the report tells how much per request would have been seen.
 *
 * @param threads in the last window
 */
export function memoryBound(first: Window, threads: number): number {
  return first.memory * inProportion(first, threads) * 1.1 + 32 * MIB
}

/**
 * The same for descriptors, of which each thread has some: half of the clients more, because their number differs from
 * moment to moment. A descriptor that is lost with each hundredth visit goes beyond this within minutes.
 */
export function descriptorBound(first: Window, threads: number): number {
  return Math.ceil(first.descriptors * inProportion(first, threads) + CROWD / 2)
}

/** The same for threads: each client has one at most, and one may still linger for the client before. */
export function threadBound(first: Window): number {
  return first.threads + CROWD
}

function inProportion(first: Window, threads: number): number {
  return Math.max(1, threads / first.threads)
}

/** @returns the promises that are broken, in words; empty: all are kept */
export function brokenPromises(outcome: Outcome): string[] {
  const { tally, windows, end, sockets, said } = outcome
  const broken: string[] = []
  if (tally.right === 0) broken.push('no request was answered')
  if (tally.wrongs > 0) broken.push(`${tally.wrongs} answers were wrong`)
  if (tally.failures > 0) broken.push(`${tally.failures} requests of well-behaved clients failed`)
  const first = windows[0]
  const last = windows.at(-1)
  if (first === undefined || last === undefined || first === last) {
    broken.push('the process did not live long enough to be looked at')
  } else {
    if (last.memory > memoryBound(first, last.threads)) {
      broken.push(`the memory grew from ${mebibytes(first.memory)} to ${mebibytes(last.memory)}`)
    }
    if (last.descriptors > descriptorBound(first, last.threads)) {
      broken.push(`the descriptors grew from ${first.descriptors} to ${last.descriptors}`)
    }
    if (last.threads > threadBound(first)) {
      broken.push(`the threads grew from ${first.threads} to ${last.threads}`)
    }
  }
  if (sockets.after === undefined) broken.push('the process ended by itself')
  else if (sockets.after > sockets.before) {
    const { before, after } = sockets
    broken.push(`without clients it has ${after} sockets, and had ${before} before the first`)
  }
  if (end !== CLEAN_END) broken.push(`SIGTERM ended it with ${end}`)
  // What it says of misbehaving clients is no fault of it.
  if (/THREAD_DIED|The server has ended/.test(said)) broken.push(`it said: ${said}`)
  return broken
}

export function mebibytes(octets: number): string {
  return `${(octets / MIB).toFixed(1)} MiB`
}
