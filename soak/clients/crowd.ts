import { BAD_FRAMES, CUT_OFF, HALF_HANDSHAKE, NON_READER } from './badly-behaved'
import { CANCELLING } from './cancelling'
import type { Kind, Visit } from './kind'
import { pause } from './pause'
import { IDLE, SLOW_READER, STEADY } from './well-behaved'

const KINDS: readonly Kind[] = [
  STEADY,
  SLOW_READER,
  IDLE,
  CANCELLING,
  CUT_OFF,
  HALF_HANDSHAKE,
  BAD_FRAMES,
  NON_READER,
]

/** The most clients that are connected at once. */
export const CROWD = KINDS.reduce((sum, { visitors }) => sum + visitors, 0)

/**
 * Lets clients of all kinds come and go until the signal.
 *
 * @param share how many of each kind there are at once, of its usual number
 * @returns when all have gone
 */
export async function visitTogether(visit: Visit, share: number): Promise<void> {
  const visitors = KINDS.flatMap((kind) =>
    Array.from({ length: Math.ceil(kind.visitors * share) }, () => kind),
  )
  await Promise.all(
    visitors.map(async (kind) => {
      while (!visit.signal.aborted) {
        await visitOnce(kind, visit)
        await pause(visit.random.between(0, 50), visit.signal)
      }
    }),
  )
}

/** The same for a server of one client at a time: each comes when the one before has gone. Idle ones would only wait. */
export async function visitInTurn(visit: Visit): Promise<void> {
  const kinds = KINDS.filter((kind) => kind !== IDLE)
  while (!visit.signal.aborted) await visitOnce(visit.random.oneOf(kinds), visit)
}

async function visitOnce(kind: Kind, visit: Visit): Promise<void> {
  try {
    await kind.visit(visit)
  } catch (error) {
    if (kind.behaves === 'well') visit.tally.failed(`a ${kind.name} client: ${String(error)}`)
    // A server that is gone is not asked a million times.
    await pause(100, visit.signal)
  }
  visit.tally.visited(kind.name)
}
