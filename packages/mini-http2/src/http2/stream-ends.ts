import { ErrorCode, type ErrorCodeName } from '../frame/error-code'
import { makeRstStreamFrame } from '../frame/rst-stream'
import type { ConnectionCore } from './connection-core'
import { Stream } from './streams/stream'

/*
 * How streams end.
 *
 * A response may be complete before its request is, RFC 9113 section 8.1. The server may then ask the client by
 * RST_STREAM with NO_ERROR to stop. Most requests are nearly complete at that time, and a reset would make some clients
 * throw the response away: so the rest is received and dropped, and the client is stopped only if the rest is long or
 * doesn't come.
 */

/** END_STREAM was received. Returns false if the stream was closed meanwhile. */
export function endReceiving(
  core: ConnectionCore,
  stream: Stream,
  event: 'receive HEADERS, END_STREAM' | 'receive DATA, END_STREAM',
): boolean {
  if (stream.apply(event).kind !== 'next') return false
  if (stream.isOver) core.streams.remove(stream)
  return true
}

/** END_STREAM was sent. A tunnel's other direction stays open, RFC 9113 section 8.5. */
export function endSending(core: ConnectionCore, stream: Stream): void {
  if (stream.apply('send END_STREAM').kind !== 'next') return
  core.abuse.onResponse()
  if (stream.isOver) core.streams.remove(stream)
  else if (!stream.isTunnel) endEarly(core, stream)
}

/** The response is complete, the request isn't. */
function endEarly(core: ConnectionCore, stream: Stream): void {
  stream.request.giveUpBody()
  // Nobody has read what came before: the client waits for its window, or soon will.
  if (hasUsedHalfWindow(core, stream)) stopRequest(core, stream)
  else awaitProgress(core, stream)
}

/** More of a request came that nobody reads: that goes on for half a window. */
export function dropLateBody(core: ConnectionCore, stream: Stream): void {
  if (hasUsedHalfWindow(core, stream)) stopRequest(core, stream)
}

function hasUsedHalfWindow({ limits }: ConnectionCore, stream: Stream): boolean {
  return stream.receiveWindow < limits.streamWindowSize / 2
}

/** From now on the client has so much time to let the stream make progress. */
export function awaitProgress({ now, limits, waits }: ConnectionCore, stream: Stream): void {
  stream.progressedAt = now
  waits.checkStallsAt(now + limits.stalledResponseTimeout)
}

/** Asks the client to send nothing more of a request whose response is complete. */
export function stopRequest(core: ConnectionCore, stream: Stream): void {
  resetStream(core, stream, 'NO_ERROR')
}

/** A stream that is not open on our side: its request is refused, or it has ended before. */
export interface ClosedStream {
  readonly id: number
  /** How many octets of DATA its client may still send, before it knows. */
  readonly receiveWindow: number
}

/** Ends a stream by RST_STREAM; what the client still sends on it will be ignored. */
export function resetStream(
  { streams, abuse, output }: ConnectionCore,
  stream: Stream | ClosedStream,
  code: ErrorCodeName,
): void {
  if (stream instanceof Stream) {
    if (stream.mayReceiveData) abuse.expectLateData(stream.receiveWindow)
    if (stream.apply('send RST_STREAM').kind !== 'next') return
    streams.remove(stream)
  } else {
    abuse.expectLateData(stream.receiveWindow)
    streams.addReset(stream.id)
  }
  output.append(makeRstStreamFrame(stream.id, ErrorCode[code]))
}

/** A fault of the client ends a stream, RFC 9113 section 5.4.2: that must not happen too often. */
export function failStream(
  core: ConnectionCore,
  stream: Stream | ClosedStream,
  code: ErrorCodeName,
): void {
  resetStream(core, stream, code)
  if (stream instanceof Stream) stream.abandon()
  core.failIf(core.abuse.countReset())
}

/** The client can't be heard or has given a stream up. */
export function dropStream(
  { streams }: ConnectionCore,
  stream: Stream,
  event: 'receive RST_STREAM' | 'lose input',
): void {
  if (stream.apply(event).kind !== 'next') return
  streams.remove(stream)
  stream.abandon()
}

/** Ends a connection whose last stream is named, if nothing is left to do. */
export function closeIfDone(core: ConnectionCore): void {
  const { goingAway, streams } = core
  if (!goingAway.isFinal) return
  for (const stream of streams) if (!stream.endedEarly) return
  for (const stream of [...streams]) stopRequest(core, stream)
  goingAway.end()
}
