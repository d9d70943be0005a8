import type { ConnectionCore } from '../connection-core'
import type { Stream } from '../streams/stream'
import { sendReset } from './send-frames'

/*
 * A response may be complete before its request is, RFC 9113 section 8.1. The server may then ask the
 * client by RST_STREAM with NO_ERROR to stop. Most requests are nearly complete at that
 * time, and a reset would make some clients throw the response away: so the rest is received and
 * dropped, and the client is stopped only if the rest is long or doesn't come.
 */

/** The response is complete, the request isn't. */
export function beginEarlyEnd(core: ConnectionCore, stream: Stream): void {
  stream.request.giveUpBody()
  // Nobody has read what came before: the client waits for its window, or soon will.
  if (hasUsedHalfWindow(core, stream)) {
    stopClient(core, stream)
    return
  }
  stream.progressedAt = core.now
  const checkAt = core.now + core.limits.stalledResponseTimeout
  core.setTime('stallCheckAt', Math.min(core.stallCheckAt, checkAt))
}

/** Tells whether a stream's response was complete before its request. */
export function endedEarly(stream: Stream): boolean {
  return stream.state === 'half-closed (local)' && !stream.isTunnel
}

/** More of a request came that nobody reads: that goes on for half a window. */
export function dropDataOfEarlyEnd(core: ConnectionCore, stream: Stream): void {
  if (hasUsedHalfWindow(core, stream)) stopClient(core, stream)
}

function hasUsedHalfWindow(core: ConnectionCore, stream: Stream): boolean {
  return stream.receiveWindow < core.limits.streamWindowSize / 2
}

/** Asks the client to send nothing more on the stream. */
export function stopClient(core: ConnectionCore, stream: Stream): void {
  sendReset(core, stream, 'NO_ERROR')
}
