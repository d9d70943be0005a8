import type { PrebuiltResponse } from '@h2lab/mini-http2'
import { statusAllowsBody } from '@h2lab/mini-http2/protocol'
import type { UwsHandler, UwsHttpResponse } from '../library/uws-library'
import type { OpenRequests } from './open-requests'
import { OutgoingBody } from './outgoing-body'
import { endWithoutBody, sendHead, toResponseHead } from './response-head'
import { sendWholeBody } from './whole-body'

/** The handlers for HEAD and for all other methods. */
export interface PrebuiltHandlers {
  readonly head: UwsHandler
  readonly any: UwsHandler
}

/** Answers each request with the same response. */
export function servePrebuilt(
  { status, headers, body }: PrebuiltResponse,
  openRequests: OpenRequests,
): PrebuiltHandlers {
  const head = toResponseHead(status, headers)
  const allowsBody = statusAllowsBody(status)
  const withoutBody: UwsHandler = (socket) => {
    sendHead(socket, head, openRequests)
    endWithoutBody(socket, status, allowsBody ? body.length : undefined)
  }
  const withBody: UwsHandler = (socket) => {
    sendHead(socket, head, openRequests)
    const rest = sendWholeBody(socket, body)
    if (rest !== undefined) sendRest(socket, rest, body.length, openRequests)
  }
  return { head: withoutBody, any: allowsBody ? withBody : withoutBody }
}

/** Sends the rest of a body when the socket accepts more. */
function sendRest(
  socket: UwsHttpResponse,
  rest: Uint8Array,
  length: number,
  openRequests: OpenRequests,
): void {
  openRequests.begin()
  const body = new OutgoingBody(socket, length, {
    onProgress() {},
    onDone: () => openRequests.end(),
  })
  socket.onAborted(() => openRequests.end())
  body.add(rest)
  body.complete()
  body.send()
}
