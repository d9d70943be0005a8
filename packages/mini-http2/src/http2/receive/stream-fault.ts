import type { FrameFault } from '../../frame/frame-fault'
import type { ConnectionCore } from '../connection-core'

/**
 * A fault that belongs to one stream. RST_STREAM can't be sent where there is none (RFC 9113 section
 * 6.4): before the stream is open the fault ends the connection, after it is closed it doesn't matter.
 */
export function failOnStream(
  core: ConnectionCore,
  streamId: number,
  fault: Pick<FrameFault, 'code' | 'message'>,
): void {
  const stream = core.streams.get(streamId)
  if (stream !== undefined) core.resetStream(stream, fault.code)
  else if (core.streams.stateOf(streamId) === 'idle') core.fail(fault.code, fault.message)
  else core.countIdleFrame()
}
