import { cpuTimeOf, octetsReadBy, socketsOf } from '../../processes/process-status'
import type { Load } from '../load-generator'

/** Monitors h2load from the start of its measured part. */
export interface H2loadWatch {
  /** Ends the watch when h2load reports that it has measured. Further calls return the same. */
  stop(): {
    /** User and system time while it measured, in microseconds; null where there is no /proc. */
    readonly cpu: number | null
    /** How many of its connections were lost by then. */
    readonly lostConnections: number
    /** How long it had read nothing by then, in seconds; null if unknown. */
    readonly silence: number | null
  }
}

/**
 * How often h2load is sampled, in milliseconds. A single sample at the end would be too late: h2load prints that it
 * has measured, closes its connections and exits.
 */
const SAMPLING_INTERVAL = 50

interface Sample {
  readonly at: number
  readonly cpu: number
}

/**
 * Starts to monitor an h2load that starts to measure.
 *
 * h2load does not report its own CPU time. In a timed run it does not report lost connections either: their requests
 * in flight are neither done nor failed, and it does not reconnect.
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
    // The process has ended.
    if (now === undefined || now === read) return
    read = now
    readAt = performance.now()
  }
  const countConnections = () => {
    const sockets = socketsOf(pid) ?? clients
    // h2load prints before it closes its connections. If they were closed before this count, the output is read, and
    // the watch stopped, before the immediate runs.
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

/** The watch of an h2load that can't be monitored. */
export function unwatchedH2load(): H2loadWatch {
  return { stop: () => ({ cpu: null, lostConnections: 0, silence: null }) }
}

function sample(pid: number): Sample | undefined {
  const cpu = cpuTimeOf(pid)
  return cpu === undefined ? undefined : { at: performance.now(), cpu }
}

/** Scales the usage between two samples to the whole duration. */
function cpuOver(
  duration: number,
  first: Sample | undefined,
  last: Sample | undefined,
): number | null {
  if (first === undefined || last === undefined || last.at === first.at) return null
  const share = (last.cpu - first.cpu) / ((last.at - first.at) * 1000)
  return share * duration * 1e6
}
