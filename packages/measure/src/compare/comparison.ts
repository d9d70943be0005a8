import type { Scenario } from '../simulator/loaded-server'
import type { Estimate } from '../statistics/estimate'

/** What B is to A, in all that both have in common. */
export interface Comparison {
  readonly a: ComparedSide
  readonly b: ComparedSide
  /**
   * `rounds`: both were measured in turns in one run, and figures of the same repetition belong together. `none`: they
   * are of two runs, so that what changed on the machine in between counts as a difference.
   */
  readonly pairing: Pairing
  /** By how much B may be worse, as a part: 0.05 is 5 %. */
  readonly threshold: number
  readonly points: readonly ComparedPoint[]
  /** What a reader has to know besides: what differs but for what is compared, and what is on one side only. */
  readonly notes: readonly string[]
}

export type Pairing = 'rounds' | 'none'

/** One of the two that are compared. */
export interface ComparedSide {
  /** As `main`, `async/http2`, `results/before`. */
  readonly name: string
  /** What it is, if the name doesn't say: the commit of a revision. */
  readonly detail: string | null
}

/** A load that both sides were put under. */
export interface ComparedPoint {
  /** What was measured on both sides, as `async/http2`; null if the sides are what was measured. */
  readonly subject: string | null
  readonly scenario: Scenario
  readonly streams: number
  /** Requests a second that were offered; null in a closed loop. */
  readonly offeredRate: number | null
  readonly effects: readonly Effect[]
  /** Why some of its trials were not measured. */
  readonly failures: readonly string[]
}

/** The figures that are compared: trials have columns of these names. */
export type Figure = 'serverCpuPerRequest' | 'requestsPerSecond'

/** What B is to A in one figure. */
export interface Effect {
  readonly figure: Figure
  readonly a: Estimate
  readonly b: Estimate
  /** B by A. */
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
  /** The generator was the limit of one side at least: the figure is its speed. */
  | 'generator'
