import { CROWD } from '../clients/crowd'
import { CLEAN_END } from '../servers/program'
import type { Outcome } from './outcome'

const MIB = 1_048_576

/**
 * By how much the memory of the last window may exceed that of the first. A heap breathes between collections: the young
 * generation of V8 takes up to 32 MiB per isolate at the usual size of 16 MiB for a semi-space, and what the old one
 * holds beyond what lives grows with it, by less than a tenth at this size. What grows on goes beyond this some time;
 * the report tells how much per request would have been seen.
 */
export function memoryBound(first: number): number {
  return first * 1.1 + 32 * MIB
}

/**
 * The same for descriptors: at most one for each client that is there, whose numbers differ from moment to moment. A
 * descriptor that is lost with each hundredth visit goes beyond this within minutes.
 */
export function descriptorBound(first: number): number {
  return first + CROWD / 2
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
    if (last.memory > memoryBound(first.memory)) {
      broken.push(`the memory grew from ${mebibytes(first.memory)} to ${mebibytes(last.memory)}`)
    }
    if (last.descriptors > descriptorBound(first.descriptors)) {
      broken.push(`the descriptors grew from ${first.descriptors} to ${last.descriptors}`)
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
