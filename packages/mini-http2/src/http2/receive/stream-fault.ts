import type { FrameFault } from '../../frame/frame-fault'
import type { ConnectionCore } from '../connection-core'

/**
 * A fault that belongs to one stream, whatever its state (RFC 9113 section 5.4.2). RST_STREAM can't be sent on
 * an idle stream (section 6.4), so there the fault ends the connection.
 */
export function failOnStream(
  core: ConnectionCore,
  streamId: number,
  fault: Pick<FrameFault, 'code' | 'message'>,
): void {
  const stream = core.streams.get(streamId)
  const state = core.streams.stateOf(streamId)
  if (stream !== undefined) core.resetStream(stream, fault.code)
  else if (state === 'idle') core.fail(fault.code, fault.message)
  // A client that has not seen our reset yet has had its answer.
  else if (state === 'reset') core.countIdleFrame()
  else core.refuseStream(streamId, fault.code, true)
}
