import type { Octets } from '../wire/frames'
import type { HostileConnection } from '../wire/hostile-connection'
import type { Hostile } from './hostile'

/** How many octets are written at once, about: what a server reads at once. */
const BATCH = 32_768

/** The same of each of many connections, which share what may be sent. */
const SMALL_BATCH = 2048

export interface FloodLimit {
  /** How many at once, at first, and how many a second after that. */
  readonly burst: number
  readonly perSecond: number
}

/**
 * Sends the same octets again and again, until the connection is over.
 *
 * @param limit how often one of many connections does so; none: as often as may be
 */
export function flood(
  host: Hostile,
  connection: HostileConnection,
  octets: Octets,
  limit?: FloodLimit,
): Promise<void> {
  return floodOf(host, connection, () => octets, limit)
}

/**
 * Sends what `make` makes for each new stream, until the connection is over.
 *
 * @param from the first stream
 */
export function floodOfStreams(
  host: Hostile,
  connection: HostileConnection,
  make: (streamId: number) => Octets | readonly Octets[],
  limit?: FloodLimit,
  from = 1,
): Promise<void> {
  let streamId = from - 2
  return floodOf(
    host,
    connection,
    () => {
      streamId += 2
      return make(streamId)
    },
    limit,
  )
}

/** Sends what `make` makes, again and again, until the connection is over. */
export async function floodOf(
  host: Hostile,
  connection: HostileConnection,
  make: () => Octets | readonly Octets[],
  limit?: FloodLimit,
): Promise<void> {
  const most = host.below ? SMALL_BATCH : BATCH
  const begin = performance.now()
  let count = 0
  while (connection.isOpen) {
    const allowed =
      host.below && limit !== undefined
        ? limit.burst + ((performance.now() - begin) / 1000) * limit.perSecond - count
        : Number.POSITIVE_INFINITY
    const parts: Octets[] = []
    let length = 0
    for (let made = 0; made < allowed && length < most; made++) {
      const octets = make()
      for (const part of octets instanceof Uint8Array ? [octets] : octets) {
        parts.push(part)
        length += part.length
      }
      count++
    }
    if (length === 0) {
      if (!(await host.sleep(200))) return
    } else if (!(await connection.send(...parts))) return
  }
}

/** Does nothing more, until the connection is over. */
export async function hold(connection: HostileConnection): Promise<void> {
  await connection.over()
}

/** Opens some streams at once, with the identifiers that follow each other. */
export function streams(
  count: number,
  make: (streamId: number) => Octets | readonly Octets[],
  from = 1,
): Octets[] {
  return Array.from({ length: count }, (_, index) => make(from + 2 * index)).flat() as Octets[]
}
