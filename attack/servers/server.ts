import type { Need } from '../attacks/attack'

/** A server that can be attacked. */
export interface AttackedServer {
  /** As `async/http2`. */
  readonly name: string
  /** Whether breaking a promise makes the command fail. */
  readonly kind: 'ours' | 'comparison' | 'given'
  /** What it has of what attacks need. */
  readonly has: readonly Need[]
  /** How many clients it serves at once. */
  readonly mostClients: number
  /** Why it can't be attacked here; undefined: it can. */
  unavailable(): Promise<string | undefined>
  /** Starts it. @returns when it accepts clients */
  start(): Promise<RunningServer>
}

export interface RunningServer {
  readonly url: string
  /** Its process, which may have children; undefined if nobody knows. */
  readonly pid: number | undefined
  /** What it last said; empty if nobody can tell. */
  said(): string
  /** Ends it; never fails. */
  stop(): Promise<void>
}
