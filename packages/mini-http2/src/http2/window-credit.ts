import { makeWindowUpdateFrame } from '../frame/window-update'
import type { ConnectionCore } from './connection-core'
import type { Stream } from './streams/stream'

/*
 * The WINDOW_UPDATE frames that we send, RFC 9113 section 6.9: so the client may send more DATA.
 */

/**
 * DATA has come: the connection's window opens again, whatever becomes of the octets. So it is always half open at
 * least, which is more than the largest frame: it can't be exceeded, and nobody has to count what is left of it.
 */
export function creditConnection({ windows, limits, output }: ConnectionCore, count: number): void {
  windows.consume(count)
  const increment = windows.announce(limits.connectionWindowSize)
  if (increment > 0) output.append(makeWindowUpdateFrame(0, increment))
}

/** Octets on a stream were used up: its window opens again, if the client may still send. */
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

/** The application has read some of a body. */
export function creditBody(core: ConnectionCore, stream: Stream, count: number): void {
  if (core.goingAway.isClosed) return
  creditStream(core, stream, count)
  core.ownerCall.announceOutput()
}
