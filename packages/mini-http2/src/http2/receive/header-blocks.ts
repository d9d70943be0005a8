import { concatenate, copyOctets, type OctetVector } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import {
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  getFrameSize,
  getStreamId,
} from '../../frame/frame-header'
import { hasPriority, headersFragmentStart } from '../../frame/headers'
import { contentEnd, contentStart } from '../../frame/padding'
import { readPriorityFields } from '../../frame/priority'
import { Decoder } from '../../hpack'
import type { FieldList } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import { blockCost } from '../limits/work'
import { areTrailers, requestFieldFault } from '../request/request-head'
import { endReceiving, failStream, refuseStream } from '../stream-ends'
import type { Stream } from '../streams/stream'
import { transition } from '../streams/stream-state'
import { Requests } from './requests'

/** The purpose of a header block, according to its first frame and the state of its stream. */
type BlockPurpose =
  /** It opens a stream. */
  | 'request'
  /** It ends a request. */
  | 'trailers'
  /** It has no effect except on the decoder. */
  | 'ignored'
  /** The state of the stream doesn't allow HEADERS: a stream error STREAM_CLOSED. */
  | 'on an ended stream'
  /** HEADERS in the middle of a message, or a stream that depends on itself: PROTOCOL_ERROR. */
  | 'malformed'

/** A header block whose CONTINUATION frames have not all arrived, RFC 9113 section 4.3. */
interface UnfinishedBlock {
  readonly streamId: number
  readonly purpose: BlockPurpose
  readonly endStream: boolean
  readonly fragments: OctetVector[]
}

/** Receives the header blocks of a client: HEADERS and, for long ones, CONTINUATION. */
export class HeaderBlocks {
  readonly requests: Requests
  readonly #core: ConnectionCore
  readonly #decoder: Decoder
  #unfinished: UnfinishedBlock | undefined

  constructor(core: ConnectionCore) {
    const { maxHeaderListSize: maxListSize, maxHeaderFields: maxFields } = core.limits
    this.#core = core
    this.#decoder = new Decoder({ maxListSize, maxFields }, requestFieldFault)
    this.requests = new Requests(core, this.#decoder)
  }

  /** The stream of an unfinished block. */
  get unfinished(): number | undefined {
    return this.#unfinished?.streamId
  }

  /** The connection is closed: the unfinished block is discarded. */
  clear(): void {
    this.#forget()
    this.#core.waits.endHeaderBlock()
  }

  #forget(): void {
    for (const { length } of this.#unfinished?.fragments ?? []) this.#core.memory.release(length)
    this.#unfinished = undefined
  }

  /** HEADERS, RFC 9113 section 6.2: a request, or its trailers. */
  receiveHeaders(octets: OctetVector, offset: number): void {
    const streamId = getStreamId(octets, offset)
    const flags = getFrameFlags(octets, offset)
    const endStream = (flags & FrameFlag.END_STREAM) !== 0
    const { streams } = this.#core
    // Hot path: most blocks are requests. Other cases are in separate functions so that V8 doesn't
    // inline them here, `npm run bench` (connection).
    let purpose: BlockPurpose | undefined = 'request'
    if (!streams.isIdle(streamId) || streamId % 2 === 0) {
      purpose = purposeOf(this.#core, streamId, endStream)
      if (purpose === undefined) return
    }
    let start = offset + FRAME_HEADER_LENGTH
    let end = start + getFrameSize(octets, offset)
    if ((flags & (FrameFlag.PADDED | FrameFlag.PRIORITY)) !== 0) {
      start = headersFragmentStart(octets, offset)
      end = contentEnd(octets, offset)
      if (purpose !== 'ignored' && dependsOnItself(octets, offset)) purpose = 'malformed'
    }
    if ((flags & FrameFlag.END_HEADERS) !== 0) {
      this.#finish(streamId, purpose, endStream, octets, start, end)
    } else {
      this.#begin(streamId, purpose, endStream, copyOctets(octets, start, end))
    }
  }

  /** CONTINUATION frames follow. */
  #begin(streamId: number, purpose: BlockPurpose, endStream: boolean, fragment: OctetVector): void {
    this.#unfinished = { streamId, purpose, endStream, fragments: [fragment] }
    this.#core.memory.add(fragment.length)
  }

  /** CONTINUATION, RFC 9113 section 6.10: the next fragment of a header block. */
  receiveContinuation(octets: OctetVector, offset: number): void {
    const streamId = getStreamId(octets, offset)
    const block = this.#unfinished
    if (block?.streamId !== streamId) {
      this.#core.fail(
        'PROTOCOL_ERROR',
        `A CONTINUATION frame on stream ${streamId} continues no header block (RFC 9113 section 6.10).`,
      )
      return
    }
    const { purpose, endStream, fragments } = block
    const { maxContinuationFrames } = this.#core.limits
    if (fragments.length > maxContinuationFrames) {
      this.#core.fail(
        'ENHANCE_YOUR_CALM',
        `A header block has more than ${maxContinuationFrames} CONTINUATION frames.`,
      )
      return
    }
    const start = offset + FRAME_HEADER_LENGTH
    const size = getFrameSize(octets, offset)
    fragments.push(copyOctets(octets, start, start + size))
    this.#core.memory.add(size)
    if ((getFrameFlags(octets, offset) & FrameFlag.END_HEADERS) === 0) return
    this.#forget()
    const whole = concatenate(...fragments)
    this.#finish(streamId, purpose, endStream, whole, 0, whole.length)
  }

  /**
   * Processes a complete block. Every block is decoded, even one without effect, because it may
   * change the dynamic table: RFC 9113 section 4.3.
   */
  #finish(
    streamId: number,
    purpose: BlockPurpose,
    endStream: boolean,
    octets: OctetVector,
    start: number,
    end: number,
  ): void {
    const core = this.#core
    if (core.waits.awaitsHeaderBlock) core.waits.endHeaderBlock()
    if (purpose !== 'request') {
      this.#finishOther(streamId, purpose, endStream, octets, start, end)
      return
    }
    core.streams.use(streamId)
    if (core.goingAway.excludes(streamId)) {
      this.#ignore(streamId, endStream, octets, start, end)
    } else {
      this.requests.open(streamId, endStream, octets, start, end)
    }
  }

  #finishOther(
    streamId: number,
    purpose: Exclude<BlockPurpose, 'request'>,
    endStream: boolean,
    octets: OctetVector,
    start: number,
    end: number,
  ): void {
    const core = this.#core
    const fields = this.#decode(octets, start, end)
    if (fields === undefined) return
    const stream = core.streams.get(streamId)
    if (stream === undefined) {
      if (purpose === 'malformed' && core.streams.stateOf(streamId) === 'idle') {
        core.streams.use(streamId)
        const window = endStream ? 0 : core.own.initialWindowSize
        refuseStream(core, streamId, window, 'PROTOCOL_ERROR')
        core.failIf(core.abuse.countReset())
      } else {
        core.failIf(core.abuse.countIdleFrame())
      }
    } else if (purpose === 'on an ended stream') failStream(core, stream, 'STREAM_CLOSED')
    else if (purpose === 'malformed') failStream(core, stream, 'PROTOCOL_ERROR')
    else if (purpose === 'trailers') receiveTrailers(core, stream, fields)
  }

  /**
   * Streams after the last one named in GOAWAY are ignored, including later frames on them, section
   * 6.8.
   */
  #ignore(
    streamId: number,
    endStream: boolean,
    octets: OctetVector,
    start: number,
    end: number,
  ): void {
    const { streams, abuse, own } = this.#core
    if (this.#decode(octets, start, end) === undefined) return
    streams.addReset(streamId)
    if (!endStream) abuse.expectLateData(own.initialWindowSize)
    this.#core.failIf(abuse.countIdleFrame())
  }

  /** Returns undefined if a block can't be decoded: the connection is closed then. */
  #decode(octets: OctetVector, start: number, end: number): FieldList | 'unusable' | undefined {
    const decoded = this.#decoder.decode(octets, start, end)
    if (decoded.state !== 'invalid') {
      this.#core.work.spend(blockCost(end - start, decoded.fields.length))
    }
    if (decoded.state === 'invalid') {
      this.#core.fail('COMPRESSION_ERROR', decoded.error.message)
      return undefined
    }
    return decoded.state === 'too-large' || decoded.fault !== undefined
      ? 'unusable'
      : decoded.fields
  }
}

/** RFC 9113 has dropped this rule, but a stream must not depend on itself: RFC 7540 section 5.3.1. */
function dependsOnItself(octets: OctetVector, offset: number): boolean {
  if (!hasPriority(octets, offset)) return false
  const { streamDependency } = readPriorityFields(octets, contentStart(octets, offset))
  return streamDependency === getStreamId(octets, offset)
}

/**
 * Checks the state of the stream. Stream errors are handled after decoding the block. Connection
 * errors end the connection immediately; the result is then undefined.
 */
function purposeOf(
  core: ConnectionCore,
  streamId: number,
  endStream: boolean,
): BlockPurpose | undefined {
  if (core.streams.isIdle(streamId)) {
    core.fail(
      'PROTOCOL_ERROR',
      `A client opened stream ${streamId}, but client streams must be odd (RFC 9113 section 5.1.1).`,
    )
    return undefined
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
      ? `HEADERS open stream ${streamId} after stream ${core.streams.lastId}: identifiers must increase (RFC 9113 section 5.1.1).`
      : `HEADERS was received on stream ${streamId}, which is closed (RFC 9113 section 5.1).`,
  )
  return undefined
}

function receiveTrailers(
  core: ConnectionCore,
  stream: Stream,
  fields: FieldList | 'unusable',
): void {
  const { request, received } = stream
  if (
    fields === 'unusable' ||
    // Section 8.5: a tunnel has DATA only.
    request.method === 'CONNECT' ||
    !areTrailers(fields) ||
    (request.contentLength !== undefined && request.contentLength !== received) ||
    !endReceiving(core, stream, 'receive HEADERS, END_STREAM')
  ) {
    failStream(core, stream, 'PROTOCOL_ERROR')
    return
  }
  request.end(fields)
}
