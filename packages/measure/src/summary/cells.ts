import { BASELINE } from '../implementations/baseline'
import type { HttpVersion } from '../load/http-version'
import { type Estimate, estimate } from '../statistics/estimate'
import type { CompletedTrial, Trial } from '../trial/trial'
import { groupBy } from './group-by'
import { isOverloaded } from './overload'
import { pairedRatio } from './paired-ratio'
import { type Point, pointName, TrialsByPoint } from './points'

/** The summary of all trials of an implementation at a point. */
export interface Cell extends Point {
  /** Such as `async/mini`, `nginx`, or the URL of a remote server. */
  readonly implementation: string
  readonly httpVersion: HttpVersion
  /** The number of measured repetitions. */
  readonly completed: number
  /** Why the others failed. */
  readonly failures: readonly string[]
  /** Why the first attempts of repeated trials failed. */
  readonly repeats: readonly string[]
  /*
   * Estimates over the measured repetitions; null if none has a value, or one has only zero.
   */
  readonly requestsPerSecond: Estimate | null
  /** Microseconds. */
  readonly latencyMean: Estimate | null
  /** Microseconds. */
  readonly latencyP50: Estimate | null
  /**
   * Microseconds: the p50 of the same server at the offered rate where that is lowest, so without a queue; null where it
   * was measured at one rate only, or in a closed loop.
   */
  readonly latencyUnloaded: number | null
  /** Microseconds. */
  readonly latencyP90: Estimate | null
  /** Microseconds. */
  readonly latencyP99: Estimate | null
  /** Microseconds. */
  readonly latencyP999: Estimate | null
  /** Microseconds. */
  readonly serverCpuPerRequest: Estimate | null
  /** Octets. */
  readonly serverPeakMemory: Estimate | null
  /**
   * How many times the CPU time per request the baseline needs at the same point, from the rounds that both
   * completed; null for the baseline itself.
   */
  readonly vsBaseline: Estimate | null
  /*
   * Faults and deviations in all repetitions together; null if none reports them.
   */
  readonly requestsFailed: number
  /** The failed requests that were not answered in time. */
  readonly requestsUnanswered: number
  /** Requests that were planned, regardless of their outcome. */
  readonly requestsDue: number
  /** In an open loop: the planned requests that had no connection with room. */
  readonly requestsUnsent: number | null
  /** Times that a server refused a request before it processed any of it; the request was sent again. */
  readonly refusals: number | null
  /** Connections that were opened in place of one that the server had ended. */
  readonly reconnections: number | null
  /** The most requests in flight on a connection, in the repetition where this was lowest. */
  readonly mostInFlight: number | null
  /** The turns that count, and those that were dropped. */
  readonly slices: number | null
  readonly slicesDropped: number | null
  /** The average length of a turn, in seconds. */
  readonly turnSeconds: number | null
  /** Repetitions that were measured before their cost was steady. */
  readonly notSteady: number
  /** The mean CPU seconds per second used by other processes or machines. */
  readonly othersUtilisation: number | null
  /** What limited the trials; `generator` if it was in any of them. */
  readonly limit: CompletedTrial['limit'] | undefined
}

/** Summarizes trials, in the order of the first occurrence of their points. */
export function toCells(trials: readonly Trial[]): Cell[] {
  const byPoint = new TrialsByPoint(trials)
  const cells = withUnloaded(byPoint.all().map((same) => toCell(same, byPoint)))
  const overloaded = cells.filter(isOverloaded)
  if (overloaded.length === 0) return cells
  // A server that did not keep up did less work, so its cost is not comparable.
  const baselines = overloaded.filter(({ implementation }) => implementation === BASELINE)
  const withoutBaseline = new Set(baselines.map(pointName))
  return cells.map((cell) =>
    overloaded.includes(cell) || withoutBaseline.has(pointName(cell))
      ? { ...cell, vsBaseline: null }
      : cell,
  )
}

/** Compares the offered rates of each server. */
function withUnloaded(cells: readonly Cell[]): Cell[] {
  const best = new Map<string, number>()
  const serverOf = (cell: Cell) =>
    `${pointName({ ...cell, offeredRate: null })} ${cell.implementation}`
  const atRates = cells.filter(
    ({ offeredRate, latencyP50 }) => offeredRate !== null && latencyP50 !== null,
  )
  for (const same of groupBy(atRates, serverOf)) {
    if (same.length > 1)
      best.set(serverOf(same[0]!), Math.min(...same.map(({ latencyP50 }) => latencyP50!.value)))
  }
  return cells.map((cell) =>
    cell.offeredRate === null
      ? cell
      : { ...cell, latencyUnloaded: best.get(serverOf(cell)) ?? null },
  )
}

function toCell(trials: readonly Trial[], byPoint: TrialsByPoint): Cell {
  const { implementation, httpVersion, clients, tls, streams, offeredRate } = trials[0]!
  const point: Point = { scenario: { clients, tls }, streams, offeredRate }
  const completed = trials.filter((trial) => trial.outcome === 'completed')
  const baseline = implementation === BASELINE ? [] : byPoint.completed(BASELINE, point)
  return {
    implementation,
    httpVersion,
    ...point,
    completed: completed.length,
    failures: trials.flatMap((trial) => (trial.outcome === 'failed' ? [trial.error] : [])),
    repeats: trials.flatMap(({ repeatedAfter }) => (repeatedAfter === null ? [] : [repeatedAfter])),
    requestsPerSecond: estimateOf(completed, (trial) => trial.requestsPerSecond),
    latencyMean: estimateOf(completed, (trial) => trial.latencyMean),
    latencyP50: estimateOf(completed, (trial) => trial.latencyP50),
    latencyUnloaded: null,
    latencyP90: estimateOf(completed, (trial) => trial.latencyP90),
    latencyP99: estimateOf(completed, (trial) => trial.latencyP99),
    latencyP999: estimateOf(completed, (trial) => trial.latencyP999),
    serverCpuPerRequest: estimateOf(completed, (trial) => trial.serverCpuPerRequest),
    serverPeakMemory: estimateOf(completed, (trial) => trial.serverPeakMemory),
    vsBaseline: pairedRatio(baseline, completed, 'serverCpuPerRequest'),
    requestsFailed: sum(completed.map((trial) => trial.requestsFailed)),
    requestsUnanswered: sum(completed.map((trial) => trial.requestsTimedOut)),
    requestsDue: sum(completed.map((trial) => trial.requestsTotal + (trial.requestsUnsent ?? 0))),
    requestsUnsent: sumOfKnown(completed, (trial) => trial.requestsUnsent),
    refusals: sumOfKnown(completed, (trial) => trial.refusals),
    reconnections: sumOfKnown(completed, (trial) => trial.reconnections),
    mostInFlight: leastOfKnown(completed, (trial) => trial.mostInFlight),
    slices: sumOfKnown(completed, (trial) => trial.slices),
    slicesDropped: sumOfKnown(completed, (trial) => trial.slicesDropped),
    turnSeconds: meanOfKnown(completed, ({ duration, slices }) =>
      slices === null || slices === 0 ? null : duration / slices,
    ),
    notSteady: completed.filter(({ steady }) => steady === false).length,
    othersUtilisation: meanOfKnown(completed, takenByOthers),
    limit: limitOf(completed),
  }
}

type Column = (trial: CompletedTrial) => number | null

/** A figure of zero is below the resolution of the clock or missing. It has no logarithm. */
function estimateOf(trials: readonly CompletedTrial[], column: Column): Estimate | null {
  const values = known(trials, column)
  return values.every((value) => value > 0) ? (estimate(values) ?? null) : null
}

function known(trials: readonly CompletedTrial[], column: Column): number[] {
  return trials.map(column).filter((value) => value !== null)
}

function sumOfKnown(trials: readonly CompletedTrial[], column: Column): number | null {
  const values = known(trials, column)
  return values.length === 0 ? null : sum(values)
}

function leastOfKnown(trials: readonly CompletedTrial[], column: Column): number | null {
  const values = known(trials, column)
  return values.length === 0 ? null : Math.min(...values)
}

function meanOfKnown(trials: readonly CompletedTrial[], column: Column): number | null {
  const values = known(trials, column)
  return values.length === 0 ? null : sum(values) / values.length
}

function takenByOthers({ othersUtilisation, stealUtilisation }: CompletedTrial): number | null {
  if (othersUtilisation === null && stealUtilisation === null) return null
  return (othersUtilisation ?? 0) + (stealUtilisation ?? 0)
}

function limitOf(trials: readonly CompletedTrial[]): Cell['limit'] {
  const limits = trials.map(({ limit }) => limit)
  return (['generator', 'server', 'neither'] as const).find((limit) => limits.includes(limit))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
