import type { OctetVector } from '@h2lab/octets'
import { type FrameFault, streamFault } from '../../frame/frame-fault'
import { getStreamId } from '../../frame/frame-header'
import { priorityFieldsOffset, readPriorityFields } from '../../frame/priority'
import { getPrioritizedStreamId, getPriorityFieldValue } from '../../frame/priority-update'
import type { ConnectionCore } from '../connection-core'
import { parseUrgency } from '../streams/priority'

/**
 * PRIORITY, RFC 9113 section 6.3: deprecated, without effect, allowed in every state.
 *
 * @returns its fault, if any
 */
export function receivePriority(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
): FrameFault | undefined {
  const streamId = getStreamId(octets, offset)
  const { streamDependency } = readPriorityFields(octets, priorityFieldsOffset(offset))
  if (streamDependency === streamId) {
    return streamFault(
      'PROTOCOL_ERROR',
      `Stream ${streamId} depends on itself (RFC 7540 section 5.3.1).`,
    )
  }
  return core.abuse.countIdleFrame()
}

/** PRIORITY_UPDATE, RFC 9218 section 7.1: changes the urgency of a current or future response. */
export function receivePriorityUpdate(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
): void {
  const { streams, limits } = core
  const streamId = getPrioritizedStreamId(octets, offset)
  if (streamId % 2 === 0) {
    core.fail(
      'PROTOCOL_ERROR',
      `PRIORITY_UPDATE refers to stream ${streamId}, a push that was never promised (RFC 9218 section 7.1).`,
    )
    return
  }
  core.failIf(core.abuse.countIdleFrame())
  const urgency = parseUrgency(getPriorityFieldValue(octets, offset))
  const stream = streams.get(streamId)
  if (stream !== undefined) streams.sendQueue.reprioritise(stream, urgency)
  else if (streams.isIdle(streamId)) {
    streams.setEarlyUrgency(streamId, urgency, limits.maxConcurrentStreams)
  }
}
