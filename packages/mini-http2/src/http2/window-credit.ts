import { makeWindowUpdateFrame } from '../frame/window-update'
import type { ConnectionCore } from './connection-core'
import type { Stream } from './streams/stream'

/*
 * Sends WINDOW_UPDATE frames, RFC 9113 section 6.9, which allow the client to send more DATA.
 */

/**
 * DATA has arrived: reopens the connection's window, whatever happens to the data, as long as there is memory for what
 * the client may send then. So a handler that doesn't read only stops its own stream, until the connection holds as
 * much as it may.
 *
 * @returns false if the client was not allowed to send so much
 */
export function creditConnection(core: ConnectionCore, count: number): boolean {
  const { windows } = core
  if (!windows.countReceived(count)) return false
  windows.consume(count)
  announceConnection(core)
  return true
}

/** Opens the connection's window as far as it was used, if that is worth a frame and there is memory. */
export function announceConnection({
  windows,
  limits,
  memory,
  output,
  goingAway,
}: ConnectionCore): void {
  const { connectionWindowSize } = limits
  if (!windows.isWorthAnnouncing(connectionWindowSize)) return
  if (goingAway.isClosed || !memory.hasRoomFor(connectionWindowSize)) return
  const increment = windows.announce(connectionWindowSize)
  if (increment > 0) output.append(makeWindowUpdateFrame(0, increment))
}

/** Octets on a stream were consumed: reopens its window if the client may still send. */
export function creditStream(
  { limits, output }: ConnectionCore,
  stream: Stream,
  count: number,
): void {
  stream.consume(count)
  if (!stream.mayReceiveData) return
  const increment = stream.announce(limits.streamWindowSize)
  if (increment > 0) output.append(makeWindowUpdateFrame(stream.id, increment))
}

/** The application has read a part of a body. */
export function creditBody(core: ConnectionCore, stream: Stream, count: number): void {
  if (core.goingAway.isClosed) return
  creditStream(core, stream, count)
  core.ownerCall.announceOutput()
}
