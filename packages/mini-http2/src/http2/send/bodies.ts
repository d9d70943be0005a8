import { LARGE_RUN_SIZE, type OctetVector } from '@h2lab/octets'
import { FrameFlag } from '../../frame/frame-flag'
import {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  writeFrameHeader,
} from '../../frame/frame-header'
import { FrameType } from '../../frame/frame-type'
import { type Content, contentOctets } from '../../message/content'
import type { FieldList } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import { awaitProgress, endSending } from '../stream-ends'
import type { BodyEnd, PendingBody } from '../streams/pending-body'
import type { Stream } from '../streams/stream'

/*
 * Splits response bodies into DATA frames, RFC 9113 section 6.1. A body is sent at once if the
 * windows and the output have room for it, and otherwise in turns with other streams.
 */

/**
 * Octets of DATA that a stream sends before the next stream's turn. Together with the frame header
 * it fills a TLS record (RFC 8446 section 5.1), and every client accepts a frame of this size.
 */
const TURN_SIZE = DEFAULT_MAX_FRAME_SIZE - FRAME_HEADER_LENGTH

/** Returns whether a part of a body may be sent without waiting for its turn. */
export function maySendAtOnce(core: ConnectionCore, stream: Stream, count: number): boolean {
  if (stream.pending !== undefined) return false
  // An empty frame needs no window, not even a non-negative one.
  if (count === 0) return true
  return (
    count <= TURN_SIZE &&
    count <= core.windows.sendWindow &&
    count <= stream.sendWindow &&
    core.output.length < LARGE_RUN_SIZE
  )
}

/**
 * Sends a part of a body, now or when its turn comes. Hot path. Benchmark: `npm run bench`
 * (connection), short text.
 *
 * @param content octets that must wait are not copied; a string is ASCII
 * @param end whether it is the last part, and any trailers that follow
 */
export function sendBody(
  core: ConnectionCore,
  stream: Stream,
  content: Content,
  end: BodyEnd,
): void {
  const { length } = content
  if (!maySendAtOnce(core, stream, length)) {
    waitForTurn(core, stream, contentOctets(content), end)
    return
  }
  if (length > 0 || end === 'end') {
    const offset = beginData(core, stream, length, end === 'end')
    const { octets } = core.output
    if (typeof content === 'string') {
      for (let index = 0; index < length; index++) {
        octets[offset + index] = content.charCodeAt(index)
      }
    } else {
      octets.set(content, offset)
    }
  }
  if (end !== 'open') endBody(core, stream, end)
}

function waitForTurn(
  core: ConnectionCore,
  stream: Stream,
  octets: OctetVector,
  end: BodyEnd,
): void {
  if (!core.memory.holdsResponses) core.taking.begin(core.now)
  if (stream.pending === undefined) awaitProgress(core, stream)
  stream.keep(octets, end, core.memory, core.now)
  queueToSend(core, stream)
}

/** Queues a stream that may have DATA to send and an open window. */
export function queueToSend({ streams }: ConnectionCore, stream: Stream): void {
  if (stream.pending !== undefined && stream.sendWindow > 0) streams.sendQueue.add(stream)
}

/** Returns whether DATA waits only for room in the output. */
export function hasDataToSend({ streams, windows }: ConnectionCore): boolean {
  return streams.sendQueue.length > 0 && windows.sendWindow > 0
}

/** Fills the output with DATA of the queued streams. */
export function pumpBodies(core: ConnectionCore): void {
  const { windows, output } = core
  const { sendQueue } = core.streams
  // A run ends where another full frame doesn't fit. Beyond that, the output would have to be
  // moved.
  const full = LARGE_RUN_SIZE - DEFAULT_MAX_FRAME_SIZE
  while (sendQueue.length > 0 && windows.sendWindow > 0 && output.length <= full) {
    const stream = sendQueue.next()
    const pending = stream?.pending
    // The stream's window may be closed. WINDOW_UPDATE queues the stream again.
    if (stream === undefined || pending === undefined || stream.sendWindow <= 0) continue
    const size = Math.min(pending.length, TURN_SIZE, stream.sendWindow, windows.sendWindow)
    sendTurn(core, stream, pending, size)
  }
}

/** @param size octets of the body, at least 1 */
function sendTurn(core: ConnectionCore, stream: Stream, pending: PendingBody, size: number): void {
  stream.progress(core.now)
  core.taking.count(size, core.now)
  const last = size === pending.length
  const endStream = last && pending.end === 'end'
  if (size === TURN_SIZE) prepareRun(core, pending)
  const offset = beginData(core, stream, size, endStream)
  pending.moveTo(core.output.octets, offset, size)
  if (!last) {
    core.streams.sendQueue.add(stream)
    stream.response.onProgress()
    return
  }
  stream.dropPending()
  if (pending.end !== 'open') endBody(core, stream, pending.end)
  stream.response.onProgress()
}

/**
 * Reserves room for the rest of the run. Otherwise the output would grow and be copied several
 * times.
 */
function prepareRun({ output, streams }: ConnectionCore, pending: PendingBody): void {
  const room = LARGE_RUN_SIZE - output.length
  const alone = streams.sendQueue.length === 0
  output.prepare(alone ? Math.min(room, pending.length + FRAMES_OF_RUN) : room)
}

/** The size of the frame headers of a run, in octets. */
const FRAMES_OF_RUN = FRAME_HEADER_LENGTH * Math.ceil(LARGE_RUN_SIZE / TURN_SIZE)

/**
 * Begins a DATA frame. The caller writes the content at the returned offset. The windows must have
 * room for it.
 */
function beginData(core: ConnectionCore, stream: Stream, size: number, endStream: boolean): number {
  const { output } = core
  const offset = output.reserve(FRAME_HEADER_LENGTH + size)
  const flags = endStream ? FrameFlag.END_STREAM : 0
  writeFrameHeader(output.octets, offset, size, FrameType.DATA, flags, stream.id)
  countData(core, stream, size)
  return offset + FRAME_HEADER_LENGTH
}

/** Subtracts DATA from the windows, in octets. */
export function countData({ windows, abuse }: ConnectionCore, stream: Stream, size: number): void {
  windows.countSent(size)
  stream.countSent(size)
  abuse.onDataSent(size)
}

/** The last octet of the body was sent: sends trailers and ends our side of the stream. */
function endBody(
  core: ConnectionCore,
  stream: Stream,
  end: 'end' | { readonly trailers: FieldList },
): void {
  if (end !== 'end') core.heads.send(stream.id, undefined, end.trailers, true)
  endSending(core, stream)
}
