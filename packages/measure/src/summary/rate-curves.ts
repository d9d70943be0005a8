import type { HttpVersion } from '../load/http-version'
import type { Scenario } from '../simulator/loaded-server'
import type { Cell } from './cells'
import { groupBy } from './group-by'
import { findKnee, type Knee, type KneeRange, kneeRange } from './knee'
import { isOverloaded } from './overload'
import { rowName } from './row-name'

/** The results of a server at all its rates. */
export interface RateCurve {
  readonly implementation: string
  readonly httpVersion: HttpVersion
  /** The name of its row. */
  readonly name: string
  /** In ascending order of rates. */
  readonly cells: readonly RateCell[]
  readonly knee: Knee | undefined
  /** The range of the knee according to the repetitions; undefined for a single one. */
  readonly kneeRange: KneeRange | undefined
}

/** A cell at a rate. */
export interface RateCell extends Cell {
  readonly offeredRate: number
}

/** The servers that were loaded in the same way, with the highest knee first. */
export interface CurveSection {
  readonly scenario: Scenario
  readonly streams: number
  readonly curves: readonly RateCurve[]
}

/** Converts the cells of an experiment with rates to curves. Cells without a rate are left out. */
export function toCurveSections(cells: readonly Cell[]): CurveSection[] {
  const atRates = cells.filter(hasRate)
  const sections = groupBy(atRates, ({ scenario: { clients, tls }, streams }) =>
    JSON.stringify([clients, tls, streams]),
  )
  return sections.map((section) => {
    const { scenario, streams } = section[0]!
    const curves = groupBy(section, ({ implementation }) => implementation).map(toCurve)
    return { scenario, streams, curves: curves.sort((one, other) => height(other) - height(one)) }
  })
}

function hasRate(cell: Cell): cell is RateCell {
  return cell.offeredRate !== null
}

function toCurve(cells: readonly RateCell[]): RateCurve {
  const first = cells[0]!
  const ascending = [...cells].sort((one, other) => one.offeredRate - other.offeredRate)
  const points = ascending.map((cell) => ({
    rate: cell.offeredRate,
    p99: cell.latencyP99,
    overloaded: isOverloaded(cell),
    byGenerator: cell.limit === 'generator',
  }))
  return {
    implementation: first.implementation,
    httpVersion: first.httpVersion,
    name: rowName(first),
    cells: ascending,
    knee: findKnee(points),
    kneeRange: kneeRange(points),
  }
}

/** The sort key of curves. A knee that was not reached is higher than one at the same rate. */
function height({ knee }: RateCurve): number {
  if (knee === undefined) return 0
  const { kind, rate } = knee
  return kind === 'below' ? rate / 2 : kind === 'found' ? rate : rate * 1.001
}

/** Such as `20,000/s`, `over 20,000/s` if no rate was too high, `under 20,000/s` if all were. */
export function kneeText(knee: Knee | undefined): string {
  if (knee === undefined) return '-'
  const rate = `${knee.rate.toLocaleString('en-US')}/s`
  return knee.kind === 'found' ? rate : `${knee.kind === 'below' ? 'under' : 'over'} ${rate}`
}
