import { concatenate, copyOctets, type OctetVector, type OutputBuffer } from '@h2lab/octets'
import { ErrorCode } from '../frame/error-code'
import { connectionFault, type FrameFault } from '../frame/frame-fault'
import { FrameFlag } from '../frame/frame-flag'
import {
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  getFrameSize,
  getStreamId,
} from '../frame/frame-header'
import { headersFragmentStart } from '../frame/headers'
import { contentEnd, contentStart } from '../frame/padding'
import { makeRstStreamFrame } from '../frame/rst-stream'
import { MAX_WINDOW_SIZE, makeWindowUpdateFrame } from '../frame/window-update'
import { ClosedStreams } from '../http2/streams/closed-streams'
import {
  begun,
  NOT_BEGUN,
  NOT_BEGUN_HEAD,
  octetsLeft,
  statusOf,
  withOctets,
} from './awaited-response'
import type { ClientEvents } from './client-events'
import type { RequestBodies } from './request-bodies'
import { type DecodedResponse, ResponseDecoder } from './response-decoder'

/** A header block whose CONTINUATION frames are still to come. */
interface UnfinishedHeaders {
  readonly streamId: number
  readonly endStream: boolean
  block: OctetVector
  continuations: number
}

type DecodedHeaders = Extract<DecodedResponse, { state: 'decoded' }>

/**
 * The maximum length of a header block in octets, and the maximum number of its CONTINUATION
 * frames.
 */
const LONGEST_HEADER_BLOCK = 65_536
const MOST_CONTINUATIONS = 100

/**
 * The responses that a client waits for. Checks that the frames on their streams form valid
 * responses.
 */
export class Responses {
  readonly #events: ClientEvents
  readonly #output: OutputBuffer
  readonly #bodies: RequestBodies
  readonly #decoder = new ResponseDecoder()
  /** The state of the response on each open stream. */
  readonly #awaited = new Map<number, number>()
  /** The state of a response on a stream that is not open; undefined if there can't be one. */
  readonly #unknown: number | undefined
  #headers: UnfinishedHeaders | undefined
  /** Streams that we have reset. Frames that were in flight are ignored. */
  readonly #closed = new ClosedStreams()
  /** Octets of bodies that no WINDOW_UPDATE has announced yet, on streams that received many. */
  readonly #consumed = new Map<number, number>()

  /** @param to whether responses may arrive on streams that were not opened by {@link open} */
  constructor(
    events: ClientEvents,
    to: 'requests' | 'anything',
    output: OutputBuffer,
    bodies: RequestBodies,
  ) {
    this.#events = events
    this.#unknown = to === 'anything' ? NOT_BEGUN : undefined
    this.#output = output
    this.#bodies = bodies
  }

  /** The stream of an unfinished header block, whose CONTINUATION frames are still to come. */
  get unfinishedBlock(): number | undefined {
    return this.#headers?.streamId
  }

  /** A request was sent. */
  open(streamId: number, method: string | undefined): void {
    this.#awaited.set(streamId, method === 'HEAD' ? NOT_BEGUN_HEAD : NOT_BEGUN)
  }

  /**
   * Processes a valid DATA frame, RFC 9113 section 6.1. Returns a connection error, or undefined.
   *
   * @param offset offset of the frame in `octets`, which contain all of it
   */
  receiveData(octets: OctetVector, offset: number): FrameFault | undefined {
    const streamId = getStreamId(octets, offset)
    const response = this.#awaited.get(streamId) ?? this.#unknown
    if (response === undefined) return this.#unexpected('DATA', streamId)
    if ((response === NOT_BEGUN || response === NOT_BEGUN_HEAD) && this.#unknown === undefined) {
      this.#refuse(streamId, 'DATA before HEADERS')
      return undefined
    }
    const start = contentStart(octets, offset)
    const end = contentEnd(octets, offset)
    const length = end - start
    const left = octetsLeft(response)
    if (left !== null && length > left) {
      this.#refuse(streamId, `a body that is longer than allowed by ${length - left}`)
      return undefined
    }
    const endsStream = (getFrameFlags(octets, offset) & FrameFlag.END_STREAM) !== 0
    if (!endsStream && left !== null) this.#awaited.set(streamId, withOctets(response, length))
    if (this.#events.onData !== undefined && length > 0) {
      this.#events.onData(streamId, octets.subarray(start, end))
    }
    // Flow control counts the padding, too: RFC 9113 section 6.9.1.
    if (!endsStream) this.#consume(streamId, getFrameSize(octets, offset))
    else if (left === null || left === length) this.#end(streamId, statusOf(response))
    else this.#refuse(streamId, shorterBy(left - length))
    return undefined
  }

  /** Stream windows are opened to the maximum, but a body of gigabytes needs more. */
  #consume(streamId: number, count: number): void {
    const consumed = (this.#consumed.get(streamId) ?? 0) + count
    this.#consumed.set(streamId, consumed)
    if (consumed < MAX_WINDOW_SIZE / 2) return
    this.#consumed.set(streamId, 0)
    this.#output.append(makeWindowUpdateFrame(streamId, consumed))
  }

  /**
   * Frames in flight on a stream that we have reset are no fault. Nothing may follow the end of a
   * stream, section 5.1.
   */
  #unexpected(type: string, streamId: number): FrameFault | undefined {
    if (this.#closed.stateOf(streamId) === 'reset') return undefined
    return connectionFault(
      'STREAM_CLOSED',
      `${type} was received on stream ${streamId}, which has ended (RFC 9113 section 5.1).`,
    )
  }

  /**
   * Processes a valid HEADERS frame, RFC 9113 section 6.2. Returns a connection error, or
   * undefined.
   *
   * @param offset offset of the frame in `octets`, which contain all of it
   */
  receiveHeaders(octets: OctetVector, offset: number): FrameFault | undefined {
    const streamId = getStreamId(octets, offset)
    const flags = getFrameFlags(octets, offset)
    const from = headersFragmentStart(octets, offset)
    const to = contentEnd(octets, offset)
    const endStream = (flags & FrameFlag.END_STREAM) !== 0
    if ((flags & FrameFlag.END_HEADERS) !== 0) {
      return this.#receiveBlock(octets, from, to, endStream, streamId)
    }
    const block = copyOctets(octets, from, to)
    this.#headers = { streamId, endStream, block, continuations: 0 }
    return undefined
  }

  /** Processes a CONTINUATION frame of the {@link unfinishedBlock}. */
  receiveContinuation(octets: OctetVector, offset: number): FrameFault | undefined {
    const headers = this.#headers!
    const start = offset + FRAME_HEADER_LENGTH
    const end = start + getFrameSize(octets, offset)
    headers.block = concatenate(headers.block, octets.subarray(start, end))
    headers.continuations++
    if (headers.block.length > LONGEST_HEADER_BLOCK || headers.continuations > MOST_CONTINUATIONS) {
      return connectionFault(
        'ENHANCE_YOUR_CALM',
        `A header block has more than ${LONGEST_HEADER_BLOCK} octets or ${MOST_CONTINUATIONS} CONTINUATION frames.`,
      )
    }
    if ((getFrameFlags(octets, offset) & FrameFlag.END_HEADERS) === 0) return undefined
    this.#headers = undefined
    const { block, endStream, streamId } = headers
    return this.#receiveBlock(block, 0, block.length, endStream, streamId)
  }

  #receiveBlock(
    octets: OctetVector,
    start: number,
    end: number,
    endStream: boolean,
    streamId: number,
  ): FrameFault | undefined {
    const decoded = this.#decoder.decode(octets, start, end)
    if (decoded.state === 'invalid') {
      return connectionFault(
        'COMPRESSION_ERROR',
        `The server sent an invalid header block: ${decoded.reason}.`,
      )
    }
    const response = this.#awaited.get(streamId) ?? this.#unknown
    if (response === undefined) return this.#unexpected('HEADERS', streamId)
    if (decoded.state === 'malformed') this.#refuse(streamId, decoded.reason)
    else if (response === NOT_BEGUN || response === NOT_BEGUN_HEAD) {
      this.#begin(streamId, decoded, endStream, response === NOT_BEGUN_HEAD)
    } else this.#receiveTrailers(streamId, response, decoded, endStream)
    return undefined
  }

  #begin(
    streamId: number,
    { status, contentLength, fields }: DecodedHeaders,
    endStream: boolean,
    isForHead: boolean,
  ): void {
    if (status === 0) this.#refuse(streamId, 'header fields without :status')
    else if (status === 101) this.#refuse(streamId, 'status 101, which HTTP/2 does not support')
    else if (status < 200) {
      // A final response must follow an informational one.
      if (endStream) this.#refuse(streamId, `no final response after the informational ${status}`)
      else this.#events.onHeaders?.(streamId, status, fields)
    } else {
      // RFC 9110 section 6.4.1: these have no body, whatever their content-length.
      const hasNoBody = isForHead || status === 204 || status === 304
      const length = hasNoBody ? 0 : contentLength
      if (endStream && length !== null && length > 0) {
        this.#refuse(streamId, shorterBy(length))
        return
      }
      this.#events.onHeaders?.(streamId, status, fields)
      if (endStream) this.#end(streamId, status)
      else this.#awaited.set(streamId, begun(status, length))
    }
  }

  #receiveTrailers(
    streamId: number,
    response: number,
    { status, fields }: DecodedHeaders,
    endStream: boolean,
  ): void {
    const left = octetsLeft(response)
    if (status !== 0 || !endStream) {
      this.#refuse(streamId, 'header fields after those of the response that are not trailers')
    } else if (left !== null && left > 0) {
      this.#refuse(streamId, shorterBy(left))
    } else {
      this.#events.onHeaders?.(streamId, statusOf(response), fields)
      this.#end(streamId, statusOf(response))
    }
  }

  #end(streamId: number, status: number): void {
    this.#forget(streamId)
    // The server has responded before the end of the body. The rest isn't needed.
    if (this.#bodies.drop(streamId)) {
      this.#output.append(makeRstStreamFrame(streamId, ErrorCode.CANCEL))
    }
    this.#events.onEnd?.(streamId, status)
  }

  /** A malformed response is an error of its stream: RFC 9113 section 8.1.1. */
  #refuse(streamId: number, reason: string): void {
    this.#giveUp(streamId)
    this.#output.append(makeRstStreamFrame(streamId, ErrorCode.PROTOCOL_ERROR))
    this.#events.onMalformed?.(streamId, reason)
  }

  receiveReset(streamId: number, errorCode: number): void {
    const wasOpen = this.#forget(streamId)
    this.#bodies.drop(streamId)
    if (wasOpen || this.#unknown !== undefined) this.#events.onReset?.(streamId, errorCode)
  }

  /** RFC 9113 section 6.8: the server processes no request after this stream. */
  forgetBehind(lastStreamId: number): void {
    for (const streamId of this.#awaited.keys()) {
      if (streamId > lastStreamId) this.#giveUp(streamId)
    }
  }

  #giveUp(streamId: number): void {
    this.#forget(streamId)
    this.#bodies.drop(streamId)
    this.#closed.addReset(streamId)
  }

  /** Returns whether the stream was open. */
  #forget(streamId: number): boolean {
    if (this.#consumed.size > 0) this.#consumed.delete(streamId)
    return this.#awaited.delete(streamId)
  }
}

function shorterBy(octets: number): string {
  return `a body that is shorter than its content-length by ${octets}`
}
