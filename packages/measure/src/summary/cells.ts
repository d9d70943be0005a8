import type { HttpVersion } from '../generators/http-version'
import { BASELINE } from '../implementations/baseline'
import type { Scenario } from '../simulator/loaded-server'
import type { CompletedTrial, Trial } from '../trial/trial'
import { median } from './median'

/** All trials of one point of an experiment, summed up. */
export interface Cell {
  /** As `async/mini`, `nginx`, or the URL of a server that somebody else runs. */
  readonly implementation: string
  readonly httpVersion: HttpVersion
  readonly scenario: Scenario
  readonly streams: number
  /** How many trials were measured. */
  readonly completed: number
  /** Why the others were not. */
  readonly failures: readonly string[]
  /** Why the first attempts at trials that were made twice failed. */
  readonly repeats: readonly string[]
  /*
   * Medians of the measured trials; null where none of them tells.
   */
  readonly requestsPerSecond: number | null
  /** Microseconds. */
  readonly latencyMean: number | null
  /** Microseconds. */
  readonly latencyP99: number | null
  /** Microseconds. */
  readonly serverCpuPerRequest: number | null
  /** Octets. */
  readonly serverPeakMemory: number | null
  /** How many times the CPU time of a request the baseline needs in the same place. */
  readonly timesLessCpu: number | null
  /** In all trials together. */
  readonly requestsFailed: number
  /** What kept the trials from being faster; `generator` if it was in any of them. */
  readonly limit: CompletedTrial['limit'] | undefined
}

/** Sums trials up, in the order in which their points come first. */
export function toCells(trials: readonly Trial[]): Cell[] {
  const byPoint = new Map<string, Trial[]>()
  for (const trial of trials) {
    const point = pointOf(trial.implementation, trial, trial.streams)
    const same = byPoint.get(point)
    if (same === undefined) byPoint.set(point, [trial])
    else same.push(trial)
  }
  const cells = new Map([...byPoint].map(([point, same]) => [point, toCell(same)]))
  return [...cells.values()].map((cell) => {
    const baseline = cells.get(pointOf(BASELINE, cell.scenario, cell.streams))
    return { ...cell, timesLessCpu: quotient(baseline, cell) }
  })
}

function pointOf(implementation: string, { clients, tls }: Scenario, streams: number): string {
  return JSON.stringify([implementation, clients, tls, streams])
}

function toCell(trials: readonly Trial[]): Omit<Cell, 'timesLessCpu'> {
  const { implementation, httpVersion, clients, tls, streams } = trials[0]!
  const completed = trials.filter((trial) => trial.outcome === 'completed')
  const medianOf = (column: (trial: CompletedTrial) => number | null) =>
    median(completed.map(column).filter((value) => value !== null))
  return {
    implementation,
    httpVersion,
    scenario: { clients, tls },
    streams,
    completed: completed.length,
    failures: trials.flatMap((trial) => (trial.outcome === 'failed' ? [trial.error] : [])),
    repeats: trials.flatMap(({ repeatedAfter }) => (repeatedAfter === null ? [] : [repeatedAfter])),
    requestsPerSecond: medianOf((trial) => trial.requestsPerSecond),
    latencyMean: medianOf((trial) => trial.latencyMean),
    latencyP99: medianOf((trial) => trial.latencyP99),
    serverCpuPerRequest: medianOf((trial) => trial.serverCpuPerRequest),
    serverPeakMemory: medianOf((trial) => trial.serverPeakMemory),
    requestsFailed: completed.reduce((sum, trial) => sum + trial.requestsFailed, 0),
    limit: limitOf(completed),
  }
}

function limitOf(trials: readonly CompletedTrial[]): Cell['limit'] {
  const limits = trials.map(({ limit }) => limit)
  return (['generator', 'server', 'neither'] as const).find((limit) => limits.includes(limit))
}

function quotient(
  baseline: Pick<Cell, 'serverCpuPerRequest'> | undefined,
  cell: Pick<Cell, 'serverCpuPerRequest'>,
): number | null {
  const of = baseline?.serverCpuPerRequest ?? null
  const by = cell.serverCpuPerRequest
  return of === null || by === null || by === 0 ? null : of / by
}
