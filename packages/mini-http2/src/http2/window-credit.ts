import { makeWindowUpdateFrame } from '../frame/window-update'
import type { ConnectionCore } from './connection-core'
import type { Stream } from './streams/stream'

/*
 * Sends WINDOW_UPDATE frames, RFC 9113 section 6.9, which allow the client to send more DATA.
 */

/**
 * DATA has arrived: reopens the connection's window, whatever happens to the data. So the window is
 * always at least half open, which is more than the largest frame: it can't be exceeded, and needs
 * no counter.
 */
export function creditConnection({ windows, limits, output }: ConnectionCore, count: number): void {
  windows.consume(count)
  const increment = windows.announce(limits.connectionWindowSize)
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
