import type { LoadResult } from '../generators/load-generator'
import type { RunningTarget, Target } from '../targets/target'

/** The variables of experiments with servers under load. */
export interface LoadVariables {
  readonly scenario: Scenario
  /** Requests in flight on each connection. */
  readonly streams: number
  /** Requests a second that are offered, of all connections together; undefined in a closed loop. */
  readonly rate?: number | undefined
  /**
   * The name of what is measured, as `async/mini` or `nginx`. Last, so that trials to be compared
   * are next to each other in time.
   */
  readonly implementation: string
}

/** How many clients, and whether through TLS. */
export interface Scenario {
  readonly clients: number
  readonly tls: boolean
}

/** What clips can look at. */
export interface LoadWorld {
  readonly variables: LoadVariables
  readonly target: Target
  readonly server: RunningTarget
  /** What the generator found; undefined until the load has ended. */
  readonly result: LoadResult | undefined
  /** How the turns went; undefined of a trial that runs whole. */
  readonly turns: TurnsRecord | undefined
}

/** What is known of a trial in turns besides the result of its load. */
export interface TurnsRecord {
  /** Turns that count, and those that were dropped. */
  readonly slices: number
  readonly dropped: number
  /** How long the server was warmed up, in seconds. */
  readonly warmup: number
  /** Whether what it costs was steady by then. */
  readonly steady: boolean
  /** CPU time of the server's processes in the turns that count, in microseconds; null if unknown. */
  readonly serverCpu: number | null
  /** CPU seconds that other processes took in these turns, and the hypervisor; null where unknown. */
  readonly others: number | null
  readonly stolen: number | null
}
