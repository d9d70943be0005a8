import { copyOctets, type OctetVector } from '@h2lab/octets'
import type { ErrorCodeName } from '../../frame/error-code'
import { FrameFlag } from '../../frame/frame-flag'
import { getFrameFlags, getFrameSize, getStreamId } from '../../frame/frame-header'
import { contentEnd, contentStart } from '../../frame/padding'
import type { ConnectionCore } from '../connection-core'
import { dataCost } from '../limits/work'
import { dropLateBody, endReceiving, failStream } from '../stream-ends'
import type { Stream } from '../streams/stream'
import { transition } from '../streams/stream-state'
import { creditConnection, creditStream } from '../window-credit'

/**
 * DATA, RFC 9113 section 6.1: a part of a request's body.
 *
 * @param owned whether the octets may be kept without a copy
 */
export function receiveData(
  core: ConnectionCore,
  octets: OctetVector,
  offset: number,
  owned: boolean,
): void {
  const streamId = getStreamId(octets, offset)
  // Flow control includes the padding, section 6.1.
  const size = getFrameSize(octets, offset)
  core.work.spend(dataCost(size))
  if (!creditConnection(core, size)) {
    core.fail(
      'FLOW_CONTROL_ERROR',
      `DATA of ${size} octets exceeds the window of the connection (RFC 9113 section 6.9.1).`,
    )
    return
  }
  const endStream = (getFrameFlags(octets, offset) & FrameFlag.END_STREAM) !== 0
  const stream = core.streams.get(streamId)
  if (stream === undefined) {
    receiveUnexpected(core, streamId, size)
    return
  }
  const start = contentStart(octets, offset)
  const end = contentEnd(octets, offset)
  const fault = faultOf(stream, endStream, size, end - start)
  if (fault !== undefined) {
    failStream(core, stream, fault)
    return
  }
  if (start === end && !endStream) core.failIf(core.abuse.countIdleFrame())
  if (size > end - start) creditStream(core, stream, size - (end - start))
  if (!stream.endedEarly) {
    core.sending.count(end - start, core.now)
    stream.request.receive(owned ? octets.subarray(start, end) : copyOctets(octets, start, end))
  } else if (!endStream) {
    dropLateBody(core, stream)
  }
  // The stream may have been reset while its body was received.
  if (endStream && endReceiving(core, stream, 'receive DATA, END_STREAM')) stream.request.end()
}

/**
 * Checks the stream's state, window and `content-length`, and counts the octets.
 *
 * @param size of the payload, in octets
 * @param length size without padding
 */
function faultOf(
  stream: Stream,
  endStream: boolean,
  size: number,
  length: number,
): ErrorCodeName | undefined {
  if (!stream.allows(endStream ? 'receive DATA, END_STREAM' : 'receive DATA'))
    return 'STREAM_CLOSED'
  if (!stream.countReceived(size)) return 'FLOW_CONTROL_ERROR'
  stream.countBody(length)
  const { contentLength } = stream.request
  if (contentLength === undefined) return undefined
  // Section 8.1.1: a request with a different length is malformed.
  const { received } = stream
  const fits = endStream ? received === contentLength : received <= contentLength
  return fits ? undefined : 'PROTOCOL_ERROR'
}

/** DATA on a stream that isn't open: late if we have reset it, otherwise a fault. */
function receiveUnexpected(core: ConnectionCore, streamId: number, size: number): void {
  const state = core.streams.stateOf(streamId)
  const change = transition(state, 'receive DATA')
  if (change.kind === 'fault') {
    core.fail(
      change.code,
      `DATA was received on stream ${streamId}, which is ${state} (RFC 9113 section 5.1).`,
    )
  } else {
    core.failIf(core.abuse.countLateData(size))
  }
}
