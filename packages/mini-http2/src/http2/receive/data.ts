import { copyOctets, type OctetVector } from '@h2lab/octets'
import { checkDataFrame } from '../../frame/data'
import { FrameFlag } from '../../frame/frame-flag'
import { getFrameFlags, getFrameSize, getStreamId } from '../../frame/frame-header'
import { contentEnd, contentStart } from '../../frame/padding'
import type { ConnectionCore } from '../connection-core'
import { dropDataOfEarlyEnd, endedEarly } from '../send/early-response'
import type { Stream } from '../streams/stream'
import { transition } from '../streams/stream-state'
import { creditConnection, creditStream } from './windows'

/** DATA, RFC 9113 section 6.1: a part of a request's body. */
export function receiveData(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
  owned: boolean,
): void {
  const fault = checkDataFrame(octets, offset)
  if (fault !== undefined) {
    core.failBy(fault)
    return
  }
  const streamId = getStreamId(octets, offset)
  // Padding counts as well, section 6.1.
  const size = getFrameSize(octets, offset)
  creditConnection(core, size)
  const endStream = (getFrameFlags(octets, offset) & FrameFlag.END_STREAM) !== 0
  const stream = core.streams.get(streamId)
  if (stream === undefined) {
    receiveUnexpected(core, streamId, size)
    return
  }
  const start = contentStart(octets, offset)
  const end = contentEnd(octets, offset)
  if (!mayReceive(core, stream, endStream, size, end - start)) return
  if (start === end && !endStream) core.countIdleFrame()
  if (size > end - start) creditStream(core, stream, size - (end - start))
  if (!endedEarly(stream)) {
    stream.request.receive(owned ? octets.subarray(start, end) : copyOctets(octets, start, end))
  } else if (!endStream) {
    dropDataOfEarlyEnd(core, stream)
  }
  if (endStream) endRequest(core, stream)
}

/** Checks a stream's state, window and `content-length`; resets it if something is wrong. */
function mayReceive(
  core: ConnectionCore,
  stream: Stream,
  endStream: boolean,
  size: number,
  length: number,
): boolean {
  const change = transition(stream.state, endStream ? 'receive DATA, END_STREAM' : 'receive DATA')
  if (change.kind !== 'next') {
    core.resetStream(stream, 'STREAM_CLOSED')
    return false
  }
  // The window may be negative, section 6.9.2, and a frame without octets needs none.
  if (size > stream.receiveWindow && size > 0) {
    core.resetStream(stream, 'FLOW_CONTROL_ERROR')
    return false
  }
  stream.receiveWindow -= size
  stream.received += length
  const { contentLength } = stream.request
  if (contentLength === undefined) return true
  // Section 8.1.1: another length makes the request malformed.
  if (stream.received <= contentLength && (!endStream || stream.received === contentLength)) {
    return true
  }
  core.resetStream(stream, 'PROTOCOL_ERROR')
  return false
}

function endRequest(core: ConnectionCore, stream: Stream): void {
  const change = transition(stream.state, 'receive DATA, END_STREAM')
  // The stream may have been reset while its body was received.
  if (change.kind !== 'next') return
  stream.state = change.state
  stream.request.end()
  if (change.state === 'closed') core.forget(stream)
}

/** DATA on a stream that isn't open: late, if we reset it, or wrong. */
function receiveUnexpected(core: ConnectionCore, streamId: number, size: number): void {
  const state = core.streams.stateOf(streamId)
  const change = transition(state, 'receive DATA')
  if (change.kind === 'fault') {
    core.fail(
      change.code,
      `DATA came on stream ${streamId}, which is ${state} (RFC 9113 section 5.1).`,
    )
  } else {
    if (!core.lateData.receive(size)) core.countIdleFrame()
  }
}
