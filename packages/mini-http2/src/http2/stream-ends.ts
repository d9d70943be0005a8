import { ErrorCode, type ErrorCodeName } from '../frame/error-code'
import { makeRstStreamFrame } from '../frame/rst-stream'
import type { ConnectionCore } from './connection-core'
import type { Stream } from './streams/stream'

/*
 * How streams end.
 *
 * A response may be complete before its request is, RFC 9113 section 8.1. The server may then ask
 * the client to stop by sending RST_STREAM with NO_ERROR. But most requests are nearly complete at
 * that time, and a reset makes some clients discard the response. So the rest is received and
 * dropped, and the client is stopped only if the rest is long or doesn't arrive.
 */

/** END_STREAM was received. Returns false if the stream has been closed in the meantime. */
export function endReceiving(
  { streams }: ConnectionCore,
  stream: Stream,
  event: 'receive HEADERS, END_STREAM' | 'receive DATA, END_STREAM',
): boolean {
  if (stream.apply(event).kind !== 'next') return false
  if (stream.isOver) streams.remove(stream)
  return true
}

/** END_STREAM was sent. The other direction of a tunnel stays open, RFC 9113 section 8.5. */
export function endSending(core: ConnectionCore, stream: Stream): void {
  if (stream.apply('send END_STREAM').kind !== 'next') return
  core.abuse.onResponse()
  if (stream.isOver) core.streams.remove(stream)
  else if (!stream.isTunnel) endEarly(core, stream)
}

/** The response is complete, but the request isn't. */
function endEarly(core: ConnectionCore, stream: Stream): void {
  stream.request.giveUpBody()
  // The application has not read the body so far: the client waits for its window, or soon will.
  if (hasUsedHalfWindow(core, stream)) stopRequest(core, stream)
  else awaitProgress(core, stream)
}

/** More of a request that isn't needed has arrived. This is accepted for half a window. */
export function dropLateBody(core: ConnectionCore, stream: Stream): void {
  if (hasUsedHalfWindow(core, stream)) stopRequest(core, stream)
}

function hasUsedHalfWindow({ limits }: ConnectionCore, stream: Stream): boolean {
  return stream.receiveWindow < limits.streamWindowSize / 2
}

/** Starts the timeout in which the client must let the stream make progress. */
export function awaitProgress({ now, limits, waits }: ConnectionCore, stream: Stream): void {
  stream.progress(now)
  waits.checkStallsAt(now + limits.stalledResponseTimeout)
}

/** Asks the client to stop sending a request whose response is complete. */
export function stopRequest(core: ConnectionCore, stream: Stream): void {
  resetStream(core, stream, 'NO_ERROR')
}

/** Ends a stream with RST_STREAM. Later frames of the client on it are ignored. */
export function resetStream(core: ConnectionCore, stream: Stream, code: ErrorCodeName): void {
  if (leaveByReset(core, stream)) sendReset(core, stream.id, code)
}

/** A fault of the client ends a stream, RFC 9113 section 5.4.2. Such faults are limited. */
export function failStream(core: ConnectionCore, stream: Stream, code: ErrorCodeName): void {
  if (leaveByReset(core, stream)) {
    stream.abandon()
    sendReset(core, stream.id, code)
  }
  core.failIf(core.abuse.countReset())
}

/**
 * Same, for a stream that is not open on our side: its request is refused, or it has ended.
 *
 * @param window how many octets of DATA the client may still send before it knows
 */
export function refuseStream(
  core: ConnectionCore,
  streamId: number,
  window: number,
  code: ErrorCodeName,
): void {
  core.streams.addReset(streamId)
  core.abuse.expectLateData(window)
  sendReset(core, streamId, code)
}

function leaveByReset({ abuse, streams }: ConnectionCore, stream: Stream): boolean {
  const { mayReceiveData, receiveWindow } = stream
  if (stream.apply('send RST_STREAM').kind !== 'next') return false
  if (mayReceiveData) abuse.expectLateData(receiveWindow)
  streams.remove(stream)
  return true
}

function sendReset({ output }: ConnectionCore, streamId: number, code: ErrorCodeName): void {
  output.append(makeRstStreamFrame(streamId, ErrorCode[code]))
}

/** Ends a connection whose last stream is named, when all its streams have ended. */
export function closeIfDone(core: ConnectionCore): void {
  const { goingAway, streams } = core
  if (!goingAway.isFinal) return
  for (const stream of streams) if (!stream.endedEarly) return
  for (const stream of [...streams]) stopRequest(core, stream)
  goingAway.end()
}
