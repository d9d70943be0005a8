import type { OctetVector } from '@h2lab/octets'
import { getStreamId } from '../../frame/frame-header'
import {
  checkWindowUpdateFrame,
  getWindowIncrement,
  MAX_WINDOW_SIZE,
} from '../../frame/window-update'
import type { ConnectionCore } from '../connection-core'
import { queueToSend } from '../send/send-body'
import { transition } from '../streams/stream-state'
import { failOnStream } from './stream-fault'

/** WINDOW_UPDATE, RFC 9113 section 6.9: the client takes more DATA. */
export function receiveWindowUpdate(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
): void {
  const streamId = getStreamId(octets, offset)
  const fault = checkWindowUpdateFrame(octets, offset)
  if (fault !== undefined) {
    if (fault.scope === 'connection') core.failBy(fault)
    else failOnStream(core, streamId, fault)
    return
  }
  // Those that DATA explains are credit, see countData; more cost us work and bring nothing.
  if (core.explainedWindowUpdates > 0) core.explainedWindowUpdates--
  else core.countIdleFrame()
  const increment = getWindowIncrement(octets, offset)
  if (streamId === 0) openConnectionWindow(core, increment)
  else openStreamWindow(core, streamId, increment)
}

function openConnectionWindow(core: ConnectionCore, increment: number): void {
  core.sendWindow += increment
  if (core.sendWindow > MAX_WINDOW_SIZE) {
    core.fail(
      'FLOW_CONTROL_ERROR',
      `A WINDOW_UPDATE of ${increment} makes the connection's window larger than 2^31 - 1 octets (RFC 9113 section 6.9.1).`,
    )
  }
}

function openStreamWindow(core: ConnectionCore, streamId: number, increment: number): void {
  const stream = core.streams.get(streamId)
  if (stream === undefined) {
    const state = core.streams.stateOf(streamId)
    if (transition(state, 'receive WINDOW_UPDATE').kind !== 'fault') return
    core.fail(
      'PROTOCOL_ERROR',
      `WINDOW_UPDATE came on stream ${streamId}, which was never opened (RFC 9113 section 5.1).`,
    )
    return
  }
  stream.sendWindow += increment
  if (stream.sendWindow > MAX_WINDOW_SIZE) core.resetStream(stream, 'FLOW_CONTROL_ERROR')
  else queueToSend(core, stream)
}
