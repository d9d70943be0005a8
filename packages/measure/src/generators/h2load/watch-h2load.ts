import { cpuTimeOf, octetsReadBy, socketsOf } from '../../processes/process-status'
import type { Load } from '../load-generator'

/** Follows h2load from outside, from the beginning of its measured part. */
export interface H2loadWatch {
  /** Ends the watch: h2load says that it has measured. Called again, it returns the same. */
  stop(): {
    /** User and system time while it measured, in microseconds; null where there is no /proc. */
    readonly cpu: number | null
    /** How many of its connections were gone by then. */
    readonly lostConnections: number
    /** For how long it had read nothing by then, in seconds; null where unknown. */
    readonly silence: number | null
  }
}

/**
 * How often h2load is looked at, in milliseconds. Once at the end would be too late: it says that
 * it has measured, closes its connections and is gone.
 */
const SAMPLING_INTERVAL = 50

interface Sample {
  readonly at: number
  readonly cpu: number
}

/**
 * Begins to watch an h2load that begins to measure.
 *
 * Its own CPU time h2load doesn't tell. Nor that a connection was lost, in a timed run: the
 * requests that were in flight are then neither done nor failed, and it opens no other.
 */
export function watchH2load(pid: number, { duration, clients }: Load): H2loadWatch {
  const first = sample(pid)
  let last = first
  let lostConnections = 0
  let state: 'watching' | 'stopped' = 'watching'
  let read = octetsReadBy(pid)
  let readAt = performance.now()
  const look = () => {
    last = sample(pid) ?? last
    const now = octetsReadBy(pid)
    // Nothing is known of a process that has ended.
    if (now === undefined || now === read) return
    read = now
    readAt = performance.now()
  }
  const countConnections = () => {
    const sockets = socketsOf(pid) ?? clients
    // It speaks before it closes its connections. If that was so before they were counted, its
    // words are read, and the watch is stopped, before an immediate's turn comes.
    setImmediate(() => {
      if (state === 'watching') lostConnections = Math.max(0, clients - sockets)
    })
  }
  const sampling = setInterval(() => {
    look()
    countConnections()
  }, SAMPLING_INTERVAL)
  let stoppedAt = 0
  return {
    stop() {
      if (state === 'watching') {
        state = 'stopped'
        clearInterval(sampling)
        look()
        stoppedAt = performance.now()
      }
      const silence = read === undefined ? null : (stoppedAt - readAt) / 1000
      return { cpu: cpuOver(duration, first, last), lostConnections, silence }
    },
  }
}

/** The watch of an h2load that nobody can see. */
export function unwatchedH2load(): H2loadWatch {
  return { stop: () => ({ cpu: null, lostConnections: 0, silence: null }) }
}

function sample(pid: number): Sample | undefined {
  const cpu = cpuTimeOf(pid)
  return cpu === undefined ? undefined : { at: performance.now(), cpu }
}

/** Scales what was used between two samples to the whole duration. */
function cpuOver(
  duration: number,
  first: Sample | undefined,
  last: Sample | undefined,
): number | null {
  if (first === undefined || last === undefined || last.at === first.at) return null
  const share = (last.cpu - first.cpu) / ((last.at - first.at) * 1000)
  return share * duration * 1e6
}
