import type { ConnectionCore } from '../connection-core'
import type { Stream } from '../streams/stream'

/*
 * Bodies whose length the client has announced, and which it may send. The server can't know when a body without
 * `content-length` is late: it may be one side of a conversation.
 */

/** A stream was opened: if its body is owed, the client's pace counts from now, or since another body is owed. */
export function awaitBody(core: ConnectionCore, stream: Stream): void {
  if (!owesBody(stream)) return
  const { sending, streams, waits, now, limits } = core
  let isFirst = true
  for (const other of streams) isFirst &&= other === stream || !owesBody(other)
  if (isFirst) sending.begin(now)
  waits.checkStallsAt(sending.behindSince + limits.stalledRequestTimeout)
}

/** Whether the client has to send more of a body. */
export function owesBody({ state, received, receiveWindow, request }: Stream): boolean {
  const { contentLength } = request
  return (
    contentLength !== undefined &&
    received < contentLength &&
    state === 'open' &&
    receiveWindow > 0 &&
    !request.awaitsContinue
  )
}
