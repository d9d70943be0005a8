import { type Estimate, showsDifference } from '../statistics/estimate'
import { holdTogether } from '../statistics/holm'
import type { Trial } from '../trial/trial'
import type { Cell } from './cells'
import { relativeSizes } from './order'
import { isOverloaded } from './overload'
import { type Measure, pairedRatio } from './paired-ratio'
import { type Point, TrialsByPoint } from './points'
import { type PointGroup, toSections } from './sections'
import { pointWarnings } from './warnings'

/** What the trials of a point say about who is better, and what speaks against it. */
export interface Verdict extends Point {
  readonly ranking: Ranking
  /** In words; each is a sentence of its own. */
  readonly warnings: readonly string[]
}

export type Ranking =
  | RankingWithTies
  /** There is no spread without a second repetition, so nothing can be said. */
  | { readonly kind: 'single-repetition' }
  /** Nothing was measured that could be ranked. */
  | { readonly kind: 'nothing-measured' }

export interface RankingWithTies {
  readonly kind: 'ranked'
  /** CPU per request, least first; or, where that of one of them is unknown, requests per second, most first. */
  readonly measure: Measure
  /** Those whose CPU time is unknown. */
  readonly withoutCpu: readonly Cell[]
  /** Those that did not keep up with the offered rate: they did less work than the others. */
  readonly overloaded: readonly Cell[]
  /** Those whose every trial failed. */
  readonly notMeasured: readonly Cell[]
  /** The best first. */
  readonly ranks: readonly Rank[]
  /** Pairs of different ranks that are not shown to differ: the first is the better one so far. */
  readonly alsoNotShown: readonly (readonly [Cell, Cell])[]
}

/**
 * Those that are not shown to differ from the first of them. A tie is no chain: if b is as good as a, and c as good as
 * b, c may still be worse than a. So each is compared with the best of the rank, and the next rank begins where there is
 * a difference to it.
 */
export interface Rank {
  readonly best: Cell
  /** How many times the figure of the best of the rank before that of this one is; undefined for the first rank. */
  readonly step: Step | undefined
  readonly ties: readonly Tie[]
}

export interface Step {
  readonly from: Cell
  readonly ratio: Estimate
  /**
   * Each interval holds by itself in 95 of 100 runs. `together` also holds if none of the pairs of the point may be
   * wrong: where many are compared, and the extremes among them, some seem to differ by chance.
   */
  readonly holds: 'together' | 'alone'
}

export interface Tie {
  readonly cell: Cell
  /** How many times the figure of the best its own is; null if they have less than two rounds in common. */
  readonly ratio: Estimate | null
}

/**
 * Says for each point of an experiment who is better, as far as the repetitions show it.
 *
 * @param cells of these trials
 */
export function verdicts(cells: readonly Cell[], trials: readonly Trial[]): Verdict[] {
  const byPoint = new TrialsByPoint(trials)
  return toSections(cells).flatMap(({ groups }) =>
    groups.map(({ scenario, streams, offeredRate, cells }) => ({
      ...{ scenario, streams, offeredRate },
      ranking: toRanking({ scenario, streams, offeredRate, cells }, byPoint),
      warnings: pointWarnings(cells),
    })),
  )
}

function toRanking(group: PointGroup, byPoint: TrialsByPoint): Ranking {
  const completed = group.cells.filter((cell) => cell.completed > 0)
  const overloaded = completed.filter(isOverloaded)
  const measured = completed.filter((cell) => !overloaded.includes(cell))
  const withoutCpu = measured.filter((cell) => cell.serverCpuPerRequest === null)
  // At equal offered load all answer as many requests: there is nothing else to rank by.
  const byCpu = withoutCpu.length === 0 || group.offeredRate !== null
  const measure: Measure = byCpu ? 'serverCpuPerRequest' : 'requestsPerSecond'
  const sorted = bestFirst(measured, byPoint, measure)
  if (sorted.length === 0) return { kind: 'nothing-measured' }
  if (sorted.every((cell) => cell[measure]!.repetitions < 2)) return { kind: 'single-repetition' }
  const ratios = new PairRatios(sorted, byPoint, measure)
  const ranks = toRanks(sorted, ratios)
  return {
    kind: 'ranked',
    measure,
    withoutCpu,
    overloaded,
    notMeasured: group.cells.filter(({ completed }) => completed === 0),
    ranks,
    alsoNotShown: alsoNotShown(ranks, ratios),
  }
}

function bestFirst(cells: readonly Cell[], byPoint: TrialsByPoint, measure: Measure): Cell[] {
  const ranked = cells.filter((cell) => cell[measure] !== null)
  const trials = ranked.map((cell) => byPoint.completed(cell.implementation, cell))
  const sizes = new Map(
    relativeSizes(trials, measure).map((size, index) => [ranked[index]!, size] as const),
  )
  const sign = measure === 'serverCpuPerRequest' ? 1 : -1
  return ranked.sort((one, other) => sign * (sizes.get(one)! - sizes.get(other)!))
}

function toRanks(sorted: readonly Cell[], ratios: PairRatios): Rank[] {
  const ranks: { best: Cell; step: Step | undefined; ties: Tie[] }[] = []
  for (const cell of sorted) {
    const rank = ranks.at(-1)
    if (rank === undefined) {
      ranks.push({ best: cell, step: undefined, ties: [] })
      continue
    }
    const pair = ratios.of(cell, rank.best)
    if (pair === undefined) rank.ties.push({ cell, ratio: null })
    else if (!showsDifference(pair.ratio)) rank.ties.push({ cell, ratio: pair.ratio })
    else ranks.push({ best: cell, step: { from: rank.best, ...pair }, ties: [] })
  }
  return ranks
}

function alsoNotShown(ranks: readonly Rank[], ratios: PairRatios): (readonly [Cell, Cell])[] {
  const members = ranks.map(({ best, ties }) => [best, ...ties.map(({ cell }) => cell)])
  return members.flatMap((better, index) => {
    const worse = members.slice(index + 1).flat()
    return better.flatMap((one) =>
      worse.flatMap((other) => (ratios.differ(other, one) ? [] : [[one, other] as const])),
    )
  })
}

/** A ratio of two that are ranked. */
type Pair = Pick<Step, 'ratio' | 'holds'>

/** How many times the figure of one that of another is, for all pairs of a point. */
class PairRatios {
  readonly #pairs = new Map<Cell, Map<Cell, Pair>>()

  constructor(sorted: readonly Cell[], byPoint: TrialsByPoint, measure: Measure) {
    const trials = sorted.map((cell) => byPoint.completed(cell.implementation, cell))
    const pairs = sorted.flatMap((cell, index) =>
      sorted.slice(0, index).flatMap((better, betterIndex) => {
        const ratio = pairedRatio(trials[index]!, trials[betterIndex]!, measure)
        return ratio === null || ratio.repetitions < 2 ? [] : [{ cell, better, ratio }]
      }),
    )
    const together = holdTogether(pairs.map(({ ratio }) => ratio))
    for (const [index, { cell, better, ratio }] of pairs.entries()) {
      const holds = together[index] ? 'together' : 'alone'
      const ofCell = this.#pairs.get(cell) ?? new Map<Cell, Pair>()
      this.#pairs.set(cell, ofCell.set(better, { ratio, holds }))
    }
  }

  /** Undefined if they have less than two rounds in common. */
  of(cell: Cell, better: Cell): Pair | undefined {
    return this.#pairs.get(cell)?.get(better)
  }

  differ(cell: Cell, better: Cell): boolean {
    const pair = this.of(cell, better)
    return pair !== undefined && showsDifference(pair.ratio)
  }
}
