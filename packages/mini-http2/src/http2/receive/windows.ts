import type { ConnectionCore } from '../connection-core'
import { sendWindowUpdate } from '../send/send-frames'
import type { Stream } from '../streams/stream'

/*
 * The windows that we give to the client, RFC 9113 section 6.9. Each is opened again when half of it
 * is used up: early enough that the client needn't stop, seldom enough that it costs little.
 */

/**
 * DATA has arrived: the connection's window opens again, whatever becomes of the octets. So it is always
 * half open at least, which is more than the largest frame, and can't be exceeded.
 */
export function creditConnection(core: ConnectionCore, count: number): void {
  core.consumed += count
  if (core.consumed < core.limits.connectionWindowSize / 2) return
  sendWindowUpdate(core, 0, core.consumed)
  core.consumed = 0
}

/** Octets on a stream were used up: its window opens again, if the client may still send. */
export function creditStream(core: ConnectionCore, stream: Stream, count: number): void {
  stream.consumed += count
  if (stream.consumed < core.limits.streamWindowSize / 2) return
  if (stream.state !== 'open' && stream.state !== 'half-closed (local)') return
  stream.receiveWindow += stream.consumed
  sendWindowUpdate(core, stream.id, stream.consumed)
  stream.consumed = 0
}

/** The application has read some of a body. */
export function consumeBody(core: ConnectionCore, stream: Stream, count: number): void {
  if (core.state === 'closed') return
  creditStream(core, stream, count)
  core.announceOutput()
}
