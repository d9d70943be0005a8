import type { OctetVector } from '@h2lab/octets'
import { getStreamId } from '../../frame/frame-header'
import { getWindowIncrement } from '../../frame/window-update'
import type { ConnectionCore } from '../connection-core'
import { queueToSend } from '../send/bodies'
import { failStream } from '../stream-ends'
import { transition } from '../streams/stream-state'

/** WINDOW_UPDATE, RFC 9113 section 6.9: allows us to send more DATA. */
export function receiveWindowUpdate(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
): void {
  core.failIf(core.abuse.countWindowUpdate())
  const streamId = getStreamId(octets, offset)
  const increment = getWindowIncrement(octets, offset)
  if (streamId === 0) openConnectionWindow(core, increment)
  else openStreamWindow(core, streamId, increment)
}

function openConnectionWindow(core: ConnectionCore, increment: number): void {
  if (core.windows.changeSendWindow(increment)) return
  core.fail(
    'FLOW_CONTROL_ERROR',
    `A WINDOW_UPDATE of ${increment} makes the connection's window larger than 2^31 - 1 octets (RFC 9113 section 6.9.1).`,
  )
}

function openStreamWindow(core: ConnectionCore, streamId: number, increment: number): void {
  const stream = core.streams.get(streamId)
  if (stream === undefined) {
    const state = core.streams.stateOf(streamId)
    if (transition(state, 'receive WINDOW_UPDATE').kind !== 'fault') return
    core.fail(
      'PROTOCOL_ERROR',
      `WINDOW_UPDATE was received on stream ${streamId}, which was never opened (RFC 9113 section 5.1).`,
    )
    return
  }
  if (stream.changeSendWindow(increment)) queueToSend(core, stream)
  else failStream(core, stream, 'FLOW_CONTROL_ERROR')
}
