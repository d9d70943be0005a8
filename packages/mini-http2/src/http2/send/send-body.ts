import { LARGE_RUN_SIZE, type OctetVector } from '@h2lab/octets'
import { DEFAULT_MAX_FRAME_SIZE, FRAME_HEADER_LENGTH } from '../../frame/frame-header'
import type { FieldList } from '../../message/fields'
import type { ConnectionCore } from '../connection-core'
import type { Stream } from '../streams/stream'
import { transition } from '../streams/stream-state'
import { beginEarlyEnd } from './early-response'
import { PendingBody } from './pending-body'
import { beginData, sendHeaders } from './send-frames'

/**
 * Octets of one stream's DATA before it is another stream's turn. With its frame header that fills a
 * TLS record (RFC 8446 section 5.1); every client accepts the frame.
 */
const TURN_SIZE = DEFAULT_MAX_FRAME_SIZE - FRAME_HEADER_LENGTH

/** A part of a body may be sent at once, without waiting for its turn. */
export function maySendAtOnce(core: ConnectionCore, stream: Stream, count: number): boolean {
  if (stream.pending !== undefined) return false
  // Without octets it needs no window, not even one that isn't negative.
  if (count === 0) return true
  return (
    count <= TURN_SIZE &&
    count <= core.sendWindow &&
    count <= stream.sendWindow &&
    core.output.length < LARGE_RUN_SIZE
  )
}

/**
 * Sends a part of a body, now if windows and output have room, else when they do.
 *
 * @param octets not copied if it has to wait
 * @param end whether it is the last, and the trailers behind it
 */
export function sendBody(
  core: ConnectionCore,
  stream: Stream,
  octets: OctetVector,
  end: 'open' | 'end' | { readonly trailers: FieldList },
): void {
  if (maySendAtOnce(core, stream, octets.length)) {
    if (octets.length > 0 || end === 'end') {
      const offset = beginData(core, stream, octets.length, end === 'end')
      core.output.octets.set(octets, offset)
    }
    if (end !== 'open') endBody(core, stream, end)
    return
  }
  stream.pending ??= beginWaiting(core, stream)
  stream.pending.push(octets)
  stream.pending.end = end
  queueToSend(core, stream)
}

/** From now on the client has so much time to let the stream make progress. */
function beginWaiting(core: ConnectionCore, stream: Stream): PendingBody {
  stream.progressedAt = core.now
  const checkAt = core.now + core.limits.stalledResponseTimeout
  core.setTime('stallCheckAt', Math.min(core.stallCheckAt, checkAt))
  return new PendingBody()
}

/** The stream may have DATA to send, and its window may be open. */
export function queueToSend(core: ConnectionCore, stream: Stream): void {
  if (stream.pending !== undefined && stream.sendWindow > 0) core.sendQueue.add(stream)
}

/** Fills the output with DATA of the streams whose turn it is. */
export function pumpBodies(core: ConnectionCore): void {
  const { sendQueue, output } = core
  // A run ends where another whole frame has no room: beyond it the output would have to move.
  const full = LARGE_RUN_SIZE - DEFAULT_MAX_FRAME_SIZE
  while (sendQueue.length > 0 && core.sendWindow > 0 && output.length <= full) {
    const stream = sendQueue.next()
    const pending = stream?.pending
    // Its own window may be closed: WINDOW_UPDATE brings it back.
    if (stream === undefined || pending === undefined || stream.sendWindow <= 0) continue
    const size = Math.min(pending.length, TURN_SIZE, stream.sendWindow, core.sendWindow)
    sendTurn(core, stream, pending, size)
  }
}

/** @param size octets of the body, at least 1 */
function sendTurn(core: ConnectionCore, stream: Stream, pending: PendingBody, size: number): void {
  stream.progressedAt = core.now
  const last = size === pending.length
  const endStream = last && pending.end === 'end'
  if (size === TURN_SIZE) prepareRun(core, pending)
  const offset = beginData(core, stream, size, endStream)
  pending.moveTo(core.output.octets, offset, size)
  if (!last) {
    core.sendQueue.add(stream)
    stream.response.onProgress()
    return
  }
  stream.pending = undefined
  if (pending.end !== 'open') endBody(core, stream, pending.end)
  stream.response.onProgress()
}

/** Room for the rest of the run at once: otherwise the output would grow, and copy, several times. */
function prepareRun({ output, sendQueue }: ConnectionCore, pending: PendingBody): void {
  const room = LARGE_RUN_SIZE - output.length
  const alone = sendQueue.length === 0
  output.prepare(alone ? Math.min(room, pending.length + FRAMES_OF_RUN) : room)
}

/** The frame headers of a run, in octets. */
const FRAMES_OF_RUN = FRAME_HEADER_LENGTH * Math.ceil(LARGE_RUN_SIZE / TURN_SIZE)

/** The body's last octet is sent: trailers, and the end of our side of the stream. */
export function endBody(
  core: ConnectionCore,
  stream: Stream,
  end: 'end' | { readonly trailers: FieldList },
): void {
  if (end !== 'end') sendHeaders(core, stream.id, undefined, end.trailers, true)
  endSending(core, stream)
}

/**
 * END_STREAM was sent. Nobody reads what the client still sends of its request, see early-response.ts;
 * a tunnel's other direction stays open.
 */
export function endSending(core: ConnectionCore, stream: Stream): void {
  const change = transition(stream.state, 'send END_STREAM')
  if (change.kind !== 'next') return
  core.responses++
  stream.state = change.state
  if (change.state === 'closed') core.forget(stream)
  else if (!stream.isTunnel) beginEarlyEnd(core, stream)
}
