import { formatCount } from './numbers'
import type { PointGroup } from './sections'

/** A column that describes the point of a table's rows. */
export interface PlaceColumn {
  readonly name: string
  text(group: PointGroup): string
}

const STREAMS: PlaceColumn = { name: 'streams', text: ({ streams }) => String(streams) }
const OFFERED: PlaceColumn = {
  name: 'offered req/s',
  text: ({ offeredRate }) => (offeredRate === null ? 'closed' : formatCount(offeredRate)),
}

/** The columns that describe the points, including the offered rate if there was one. */
export function placeColumns(groups: readonly PointGroup[]): PlaceColumn[] {
  return groups.some(({ offeredRate }) => offeredRate !== null) ? [STREAMS, OFFERED] : [STREAMS]
}
