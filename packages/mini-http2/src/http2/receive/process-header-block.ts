import type { OctetVector } from '@h2lab/octets'
import type { FieldList } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import { trailersFault } from '../request/request-head'
import type { Stream } from '../streams/stream'
import { transition } from '../streams/stream-state'
import type { BlockPurpose } from './header-block'
import { receiveRequest } from './receive-request'

/**
 * Processes a whole header block. Every block is decoded, also one that has no effect, since it may
 * change the dynamic table, RFC 9113 section 4.3.
 */
export function processHeaderBlock(
  core: ConnectionCore,
  streamId: number,
  purpose: BlockPurpose,
  endStream: boolean,
  octets: OctetVector,
  start: number,
  end: number,
): void {
  if (core.awaitsHeaderBlock) core.endHeaderBlock()
  if (purpose === 'request') {
    core.streams.use(streamId)
    if (core.state === 'draining' && streamId > core.lastStreamId)
      ignoreRequest(core, streamId, endStream, octets, start, end)
    else receiveRequest(core, streamId, endStream, octets, start, end)
    return
  }
  const fields = decodeFields(core, octets, start, end)
  const stream = core.streams.get(streamId)
  if (fields === undefined) return
  if (stream === undefined) {
    if (purpose === 'malformed' && core.streams.stateOf(streamId) === 'idle') {
      core.streams.use(streamId)
      core.refuseStream(streamId, 'PROTOCOL_ERROR', endStream)
    } else {
      core.countIdleFrame()
    }
  } else if (purpose === 'on an ended stream') core.resetStream(stream, 'STREAM_CLOSED')
  else if (purpose === 'malformed') core.resetStream(stream, 'PROTOCOL_ERROR')
  else if (purpose === 'trailers') receiveTrailers(core, stream, fields)
}

/** Streams after the last that GOAWAY named are ignored, and what follows on them, section 6.8. */
function ignoreRequest(
  core: ConnectionCore,
  streamId: number,
  endStream: boolean,
  octets: OctetVector,
  start: number,
  end: number,
): void {
  if (decodeFields(core, octets, start, end) === undefined) return
  core.streams.addReset(streamId)
  if (!endStream) core.lateData.expect(core.initialReceiveWindow)
  core.countIdleFrame()
}

/**
 * Decodes a block.
 *
 * @returns undefined if that isn't possible: the connection is closed then
 */
function decodeFields(
  core: ConnectionCore,
  octets: OctetVector,
  start: number,
  end: number,
): FieldList | 'too large' | undefined {
  const decoded = core.decoder.decode(octets, start, end)
  if (decoded.state === 'invalid') {
    core.fail('COMPRESSION_ERROR', decoded.error.message)
    return undefined
  }
  return decoded.state === 'too-large' ? 'too large' : decoded.fields
}

function receiveTrailers(
  core: ConnectionCore,
  stream: Stream,
  fields: FieldList | 'too large',
): void {
  const { request } = stream
  const change = transition(stream.state, 'receive HEADERS, END_STREAM')
  if (
    fields === 'too large' ||
    change.kind !== 'next' ||
    // Section 8.5: a tunnel has DATA only.
    request.method === 'CONNECT' ||
    trailersFault(fields) !== undefined ||
    (request.contentLength !== undefined && request.contentLength !== stream.received)
  ) {
    core.resetStream(stream, 'PROTOCOL_ERROR')
    return
  }
  stream.state = change.state
  request.end(fields)
  if (change.state === 'closed') core.forget(stream)
}
