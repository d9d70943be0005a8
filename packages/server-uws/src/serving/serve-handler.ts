import { callHandler, type HandlerOptions } from '@h2lab/mini-http2/protocol'
import type { UwsHandler } from '../library/uws-library'
import type { OpenRequests } from './open-requests'
import { UwsRequest } from './uws-request'
import { UwsResponse } from './uws-response'

export interface ServedHandler extends HandlerOptions {
  /** `https` or `http`. */
  readonly scheme: string
  /** How many octets of a request's content may wait for the handler. */
  readonly windowSize: number
}

/** Passes each request to a handler. */
export function serveHandler(options: ServedHandler, openRequests: OpenRequests): UwsHandler {
  return (socket, head) => {
    let open = false
    const request = new UwsRequest(head, socket, options)
    const response = new UwsResponse(socket, request.method, openRequests, {
      onEnded: () => request.giveUpBody(),
      onReset: () => request.abandon(),
      onSettled() {
        if (open) openRequests.end()
      },
    })
    callHandler(options, 'awaited', request, response)
    // Most handlers answer synchronously. Then no callbacks are needed.
    if (response.settled) return
    open = true
    openRequests.begin()
    socket.onAborted(() => {
      request.abandon()
      response.abandon()
    })
    if (request.hasContent) socket.onData((chunk, isLast) => request.receive(chunk, isLast))
  }
}
