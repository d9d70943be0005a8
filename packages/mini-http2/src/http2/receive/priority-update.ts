import type { OctetVector } from '@h2lab/octets'
import {
  checkPriorityUpdateFrame,
  getPrioritizedStreamId,
  getPriorityFieldValue,
} from '../../frame/priority-update'
import type { ConnectionCore } from '../connection-core'
import { parsePriority } from '../send/priority'

/** PRIORITY_UPDATE, RFC 9218 section 7.1: another urgency for a response, open or to come. */
export function receivePriorityUpdate(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
): void {
  const fault = checkPriorityUpdateFrame(octets, offset)
  if (fault !== undefined) {
    core.failBy(fault)
    return
  }
  const streamId = getPrioritizedStreamId(octets, offset)
  if (streamId % 2 === 0) {
    core.fail(
      'PROTOCOL_ERROR',
      `PRIORITY_UPDATE is about stream ${streamId}, a push that was never promised (RFC 9218 section 7.1).`,
    )
    return
  }
  core.countIdleFrame()
  const { urgency } = parsePriority(getPriorityFieldValue(octets, offset))
  const stream = core.streams.get(streamId)
  if (stream !== undefined) core.sendQueue.reprioritise(stream, urgency)
  else if (core.streams.stateOf(streamId) === 'idle') rememberUrgency(core, streamId, urgency)
}

/** For no more streams than may be open: those that come next are the first that were named. */
function rememberUrgency(core: ConnectionCore, streamId: number, urgency: number): void {
  core.earlyUrgencies ??= new Map()
  const { earlyUrgencies, limits, streams } = core
  if (earlyUrgencies.size >= limits.maxConcurrentStreams) {
    // Those of streams that were left out since.
    for (const id of earlyUrgencies.keys()) if (id <= streams.lastId) earlyUrgencies.delete(id)
  }
  if (earlyUrgencies.has(streamId) || earlyUrgencies.size < limits.maxConcurrentStreams) {
    earlyUrgencies.set(streamId, urgency)
  }
}
