import type { Scenario } from '../simulator/loaded-server'
import type { Estimate } from '../statistics/estimate'

/** The comparison of B with A in everything that both have. */
export interface Comparison {
  readonly a: ComparedSide
  readonly b: ComparedSide
  /**
   * `rounds`: both were measured in turns in one run, and figures of the same repetition form pairs. `none`: they
   * come from two runs, so changes of the machine in between count as a difference.
   */
  readonly pairing: Pairing
  /** By how much B may be worse, as a fraction: 0.05 is 5 %. */
  readonly threshold: number
  readonly points: readonly ComparedPoint[]
  /** Further notes for readers: other differences, and what only one side has. */
  readonly notes: readonly string[]
}

export type Pairing = 'rounds' | 'none'

/** One of the two sides. */
export interface ComparedSide {
  /** Such as `main`, `async/http2`, `results/before`. */
  readonly name: string
  /** Details that the name does not include: the commit of a revision. */
  readonly detail: string | null
}

/** A load that both sides were measured under. */
export interface ComparedPoint {
  /** What was measured on both sides, such as `async/http2`; null if the sides themselves were measured. */
  readonly subject: string | null
  readonly scenario: Scenario
  readonly streams: number
  /** Requests per second that were offered; null in a closed loop. */
  readonly offeredRate: number | null
  readonly effects: readonly Effect[]
  /** Why some trials could not be measured. */
  readonly failures: readonly string[]
}

/** The compared figures, which are columns of trials. */
export type Figure = 'serverCpuPerRequest' | 'requestsPerSecond'

/** The comparison of B with A in one figure. */
export interface Effect {
  readonly figure: Figure
  readonly a: Estimate
  readonly b: Estimate
  /** B divided by A. */
  readonly ratio: Estimate
  readonly verdict: EffectVerdict
}

export type EffectVerdict =
  /** B is worse, and the whole interval is beyond the threshold. */
  | 'beyond'
  /** The interval shows a difference. */
  | 'worse'
  | 'better'
  /** The interval contains 1. */
  | 'none'
  /** The generator was the bottleneck on at least one side, so the figure is its speed. */
  | 'generator'
