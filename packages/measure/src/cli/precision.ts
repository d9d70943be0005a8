import { BASELINE } from '../implementations/baseline'
import type { Scenario } from '../simulator/load-world'
import { type Estimate, estimate, estimateRatio, relativeMargin } from '../statistics/estimate'
import type { CompletedTrial, Trial } from '../trial/trial'

/** How well a figure of one row is known: its ratio to the baseline, or without a baseline the figure itself. */
export interface RowPrecision {
  readonly implementation: string
  readonly scenario: Scenario
  readonly streams: number
  readonly of: 'ratio' | 'figure'
  readonly estimate: Estimate
  /** How far the interval reaches from its value, as a part of it. */
  readonly margin: number
}

/** The point that trials have in common that are compared. */
export function placeOf({
  clients,
  tls,
  streams,
  rate,
}: Scenario & { readonly streams: number; readonly rate: number | null }): string {
  return JSON.stringify([clients, tls, streams, rate])
}

/** Tells how well the figures of all rows are known, in the order in which they come first. */
export function precisionOf(trials: readonly Trial[]): RowPrecision[] {
  const completed = trials.filter((trial) => trial.outcome === 'completed')
  return groupBy(completed, (trial) => placeOf({ ...trial, rate: trial.offeredRate })).flatMap(
    (place) => {
      const rows = groupBy(place, ({ implementation }) => implementation)
      const baseline = rows.find(([first]) => first?.implementation === BASELINE)
      return rows.flatMap((row) => rowPrecision(row, baseline))
    },
  )
}

function rowPrecision(
  row: readonly CompletedTrial[],
  baseline: readonly CompletedTrial[] | undefined,
): RowPrecision[] {
  if (row === baseline) return []
  const { implementation, clients, tls, streams } = row[0]!
  const ratio = baseline && estimateRatio(pairsOf(baseline, row))
  const known = ratio ?? estimate(row.map(figureOf).filter((value) => value > 0))
  if (known === undefined) return []
  return [
    {
      implementation,
      scenario: { clients, tls },
      streams,
      of: ratio === undefined ? 'figure' : 'ratio',
      estimate: known,
      margin: relativeMargin(known),
    },
  ]
}

/** CPU time of a request of both, in the repetitions that have both. */
function pairsOf(
  baseline: readonly CompletedTrial[],
  row: readonly CompletedTrial[],
): { readonly of: number; readonly by: number }[] {
  return row.flatMap((trial) => {
    const of = baseline.find(({ round }) => round === trial.round)?.serverCpuPerRequest ?? 0
    const by = trial.serverCpuPerRequest ?? 0
    return of > 0 && by > 0 ? [{ of, by }] : []
  })
}

/** CPU time of a request; of a server that nobody tells it of, how many a second. */
function figureOf({ serverCpuPerRequest, requestsPerSecond }: CompletedTrial): number {
  return serverCpuPerRequest ?? requestsPerSecond
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}
