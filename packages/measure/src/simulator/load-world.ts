import type { LoadResult } from '../generators/load-generator'
import type { RunningTarget, Target } from '../targets/target'

/** The variables of experiments with servers under load. */
export interface LoadVariables {
  readonly scenario: Scenario
  /** Requests in flight on each connection. */
  readonly streams: number
  /** The offered requests per second of all connections together; undefined in a closed loop. */
  readonly rate?: number | undefined
  /**
   * The name of the target, such as `async/mini` or `nginx`. It comes last, so that trials to be compared are close
   * in time.
   */
  readonly implementation: string
}

/** The number of clients, and whether they use TLS. */
export interface Scenario {
  readonly clients: number
  readonly tls: boolean
}

/** The world that clips look at. */
export interface LoadWorld {
  readonly variables: LoadVariables
  readonly target: Target
  readonly server: RunningTarget
  /** The result of the generator; undefined until the load has ended. */
  readonly result: LoadResult | undefined
  /** The record of the turns; undefined for trials that run whole. */
  readonly turns: TurnsRecord | undefined
}

/** The record of a trial in turns, in addition to the result of its load. */
export interface TurnsRecord {
  /** The turns that count, and those that were dropped. */
  readonly slices: number
  readonly dropped: number
  /** How long the server was warmed up, in seconds. */
  readonly warmup: number
  /** Whether its cost was steady by then. */
  readonly steady: boolean
  /** CPU time of the server's processes in the turns that count, in microseconds; null if unknown. */
  readonly serverCpu: number | null
  /** CPU seconds that other processes and the hypervisor used during these turns; null if unknown. */
  readonly others: number | null
  readonly stolen: number | null
}
