import type { Scenario } from '../simulator/loaded-server'
import type { Cell } from './cells'

/** The cells of one scenario, grouped as people compare them. */
export interface Section {
  readonly scenario: Scenario
  /** The cells with as many streams each, next to each other. */
  readonly groups: readonly StreamsGroup[]
}

export interface StreamsGroup {
  readonly streams: number
  readonly cells: readonly Cell[]
}

/** Puts cells in sections, all in the order in which they come first. */
export function toSections(cells: readonly Cell[]): Section[] {
  return groupBy(cells, ({ scenario }) => `${scenario.clients} ${scenario.tls}`).map((section) => ({
    scenario: section[0]!.scenario,
    groups: groupBy(section, ({ streams }) => streams).map((group) => ({
      streams: group[0]!.streams,
      cells: group,
    })),
  }))
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => unknown): Item[][] {
  const groups = new Map<unknown, Item[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}
