import type { Scenario } from '../simulator/loaded-server'
import type { Cell } from './cells'
import { groupBy } from './group-by'
import type { Point } from './points'

/** The cells of a scenario, grouped for comparison. */
export interface Section {
  readonly scenario: Scenario
  /** Groups of cells with the same number of streams and the same offered rate. */
  readonly groups: readonly PointGroup[]
}

/** Cells that are compared with each other. */
export interface PointGroup extends Point {
  readonly cells: readonly Cell[]
}

/** Groups cells into sections, in the order of their first occurrence. */
export function toSections(cells: readonly Cell[]): Section[] {
  return groupBy(cells, ({ scenario }) => `${scenario.clients} ${scenario.tls}`).map((section) => ({
    scenario: section[0]!.scenario,
    groups: groupBy(section, ({ streams, offeredRate }) => `${streams} ${offeredRate}`).map(
      (group) => {
        const { scenario, streams, offeredRate } = group[0]!
        return { scenario, streams, offeredRate, cells: group }
      },
    ),
  }))
}
