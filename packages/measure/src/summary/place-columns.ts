import { formatCount } from './numbers'
import type { PointGroup } from './sections'

/** A column that says where the rows of a table were measured. */
export interface PlaceColumn {
  readonly name: string
  text(group: PointGroup): string
}

const STREAMS: PlaceColumn = { name: 'streams', text: ({ streams }) => String(streams) }
const OFFERED: PlaceColumn = {
  name: 'offered req/s',
  text: ({ offeredRate }) => (offeredRate === null ? 'closed' : formatCount(offeredRate)),
}

/** The columns that say where rows were measured: with the offered rate, if there was one. */
export function placeColumns(groups: readonly PointGroup[]): PlaceColumn[] {
  return groups.some(({ offeredRate }) => offeredRate !== null) ? [STREAMS, OFFERED] : [STREAMS]
}
