import type { Scenario } from '../simulator/loaded-server'
import type { Cell } from './cells'
import { groupBy } from './group-by'
import type { Point } from './points'

/** The cells of one scenario, grouped as people compare them. */
export interface Section {
  readonly scenario: Scenario
  /** The cells with as many streams and the same offered rate each, next to each other. */
  readonly groups: readonly PointGroup[]
}

/** The cells that are compared with each other. */
export interface PointGroup extends Point {
  readonly cells: readonly Cell[]
}

/** Puts cells in sections, all in the order in which they come first. */
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
