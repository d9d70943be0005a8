import { copyOctets, type OctetVector } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import { getFrameFlags, getStreamId } from '../../frame/frame-header'
import { checkHeadersFrame, hasPriority, headersFragmentStart } from '../../frame/headers'
import { contentEnd, contentStart } from '../../frame/padding'
import { readPriorityFields } from '../../frame/priority'
import type { ConnectionCore } from '../connection-core'
import { transition } from '../streams/stream-state'
import { type BlockPurpose, HeaderBlock } from './header-block'
import { processHeaderBlock } from './process-header-block'

/** HEADERS, RFC 9113 section 6.2: a request, or its trailers. Hot path. */
export function receiveHeaders(core: ConnectionCore, octets: OctetVector, offset: number): void {
  const fault = checkHeadersFrame(octets, offset)
  if (fault !== undefined) {
    core.failBy(fault)
    return
  }
  const streamId = getStreamId(octets, offset)
  const flags = getFrameFlags(octets, offset)
  const endStream = (flags & FrameFlag.END_STREAM) !== 0
  let purpose = purposeOf(core, streamId, endStream)
  if (core.state === 'closed') return
  if (hasPriority(octets, offset)) {
    // Not in RFC 9113 any more, but what depends on itself was never right: RFC 7540 section 5.3.1.
    const { streamDependency } = readPriorityFields(octets, contentStart(octets, offset))
    if (streamDependency === streamId && purpose !== 'ignored') purpose = 'malformed'
  }
  const start = headersFragmentStart(octets, offset)
  const end = contentEnd(octets, offset)
  if ((flags & FrameFlag.END_HEADERS) !== 0) {
    processHeaderBlock(core, streamId, purpose, endStream, octets, start, end)
  } else {
    core.headerBlock = new HeaderBlock(streamId, purpose, endStream, copyOctets(octets, start, end))
  }
}

/** Looks at the stream's state. What ends the connection is done at once, others after decoding. */
function purposeOf(core: ConnectionCore, streamId: number, endStream: boolean): BlockPurpose {
  if (core.streams.isIdle(streamId)) {
    if (streamId % 2 === 0) {
      core.fail(
        'PROTOCOL_ERROR',
        `A client opened stream ${streamId}, but its streams are odd (RFC 9113 section 5.1.1).`,
      )
    }
    return 'request'
  }
  const state = core.streams.stateOf(streamId)
  const event = endStream ? 'receive HEADERS, END_STREAM' : 'receive HEADERS'
  const change = transition(state, event)
  if (change.kind === 'next') return 'trailers'
  if (change.kind !== 'fault') return 'ignored'
  if (change.scope === 'stream') {
    return change.code === 'STREAM_CLOSED' ? 'on an ended stream' : 'malformed'
  }
  core.fail(
    change.code,
    state === 'skipped'
      ? `HEADERS open stream ${streamId} after stream ${core.streams.lastId}: identifiers have to grow (RFC 9113 section 5.1.1).`
      : `HEADERS came on stream ${streamId}, which is closed (RFC 9113 section 5.1).`,
  )
  return 'ignored'
}
