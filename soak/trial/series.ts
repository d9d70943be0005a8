import type { ProcessState } from './process-state'

/** What was seen of a process at a time. */
export interface Sample extends ProcessState {
  /** In milliseconds since the first client. */
  readonly at: number
  /** How many requests had been answered. */
  readonly requests: number
}

/** A part of the time, and what is usual in it. */
export interface Window {
  /** In milliseconds since the first client. */
  readonly from: number
  readonly to: number
  readonly requests: number
  /** Medians, so that a single garbage collection does not count. */
  readonly memory: number
  readonly descriptors: number
  readonly threads: number
}

/** Of the time, in the beginning: code is compiled, heaps and pools of threads grow to what the load needs. */
export const WARM_UP = 0.4
/** Windows that the rest is divided into. */
const WINDOWS = 6

/** Divides samples after the warm-up into windows of equal length. */
export function windowsOf(samples: readonly Sample[], duration: number): Window[] {
  const begin = duration * WARM_UP
  const length = (duration - begin) / WINDOWS
  return Array.from({ length: WINDOWS }, (_, index) => {
    const from = begin + index * length
    const to = from + length
    return windowOf(
      samples.filter(({ at }) => at >= from && at < to),
      from,
      to,
    )
  }).filter((window) => window !== undefined)
}

function windowOf(samples: readonly Sample[], from: number, to: number): Window | undefined {
  const last = samples.at(-1)
  if (last === undefined) return undefined
  return {
    from,
    to,
    requests: last.requests,
    memory: median(samples.map(({ memory }) => memory)),
    descriptors: median(samples.map(({ descriptors }) => descriptors)),
    threads: median(samples.map(({ threads }) => threads)),
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >>> 1]!
}
