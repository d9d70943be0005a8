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

/** The verdict on a point: which implementation is better, and warnings. */
export interface Verdict extends Point {
  readonly ranking: Ranking
  /** Warnings in words, each a sentence. */
  readonly warnings: readonly string[]
}

export type Ranking =
  | RankingWithTies
  /** A single repetition has no spread, so there is no verdict. */
  | { readonly kind: 'single-repetition' }
  /** Nothing was measured that can be ranked. */
  | { readonly kind: 'nothing-measured' }

export interface RankingWithTies {
  readonly kind: 'ranked'
  /** CPU per request, least first. If it is unknown for any of them, requests per second, most first. */
  readonly measure: Measure
  /** The cells with unknown CPU time. */
  readonly withoutCpu: readonly Cell[]
  /** The cells that did not keep up with the offered rate, and so did less work. */
  readonly overloaded: readonly Cell[]
  /** The cells with only failed trials. */
  readonly notMeasured: readonly Cell[]
  /** Best first. */
  readonly ranks: readonly Rank[]
  /** Pairs of different ranks that are not shown to differ. The first seems better so far. */
  readonly alsoNotShown: readonly (readonly [Cell, Cell])[]
}

/**
 * Implementations that are not shown to differ from the first of them. Ties are not transitive: if b ties with a, and
 * c with b, c may still be worse than a. So each is compared with the best of the rank, and the next rank starts at
 * the first one that differs.
 */
export interface Rank {
  readonly best: Cell
  /** The ratio of the previous rank's best to this one's; undefined for the first rank. */
  readonly step: Step | undefined
  readonly ties: readonly Tie[]
}

export interface Step {
  readonly from: Cell
  readonly ratio: Estimate
  /**
   * Each interval holds by itself in 95 of 100 runs. `together` also holds for all pairs of the point at once. When
   * many are compared, especially the extremes, some seem to differ by chance.
   */
  readonly holds: 'together' | 'alone'
}

export interface Tie {
  readonly cell: Cell
  /** The ratio to the figure of the best; null if they have fewer than two rounds in common. */
  readonly ratio: Estimate | null
}

/**
 * Determines for each point of an experiment which implementations are better, as far as the repetitions show it.
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
  // At equal offered load all answer the same number of requests, so there is nothing else to rank by.
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

/** The ratio of two ranked cells. */
type Pair = Pick<Step, 'ratio' | 'holds'>

/** The ratios of all pairs of a point. */
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

  /** Undefined if they have fewer than two rounds in common. */
  of(cell: Cell, better: Cell): Pair | undefined {
    return this.#pairs.get(cell)?.get(better)
  }

  differ(cell: Cell, better: Cell): boolean {
    const pair = this.of(cell, better)
    return pair !== undefined && showsDifference(pair.ratio)
  }
}
