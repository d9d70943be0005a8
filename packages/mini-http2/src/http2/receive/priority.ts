import type { OctetVector } from '@h2lab/octets'
import { getStreamId } from '../../frame/frame-header'
import { checkPriorityFrame, priorityFieldsOffset, readPriorityFields } from '../../frame/priority'
import type { ConnectionCore } from '../connection-core'
import { failOnStream } from './stream-fault'

/** PRIORITY, RFC 9113 section 6.3: deprecated, without effect, allowed in every state. */
export function receivePriority(core: ConnectionCore, octets: OctetVector, offset: number): void {
  const fault = checkPriorityFrame(octets, offset)
  if (fault?.scope === 'connection') {
    core.failBy(fault)
    return
  }
  const streamId = getStreamId(octets, offset)
  if (fault !== undefined) {
    failOnStream(core, streamId, fault)
    return
  }
  const { streamDependency } = readPriorityFields(octets, priorityFieldsOffset(offset))
  if (streamDependency === streamId) {
    failOnStream(core, streamId, {
      code: 'PROTOCOL_ERROR',
      message: `Stream ${streamId} depends on itself (RFC 7540 section 5.3.1).`,
    })
    return
  }
  core.countIdleFrame()
}
