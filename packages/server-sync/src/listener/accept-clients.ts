import type { ServerListeners } from '@h2lab/mini-http2/server/thread'
import {
  acceptClient,
  formatAddress,
  peerAddress,
  SystemCallError,
  WOULD_BLOCK,
} from '@h2lab/tls-context/native'
import type { ServerControl } from '../control/server-control'
import type { Steps } from '../loop/turns'

/** Errors of accept(2) that are temporary: too many open files, or not enough memory. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** How long to wait after such an error, in milliseconds. */
const PAUSE = 100

const pause = new Int32Array(new SharedArrayBuffer(4))

/** The options of {@link acceptClients}. */
export interface AcceptOptions {
  /** The descriptor of a listening socket in blocking mode. */
  readonly listener: number
  readonly control: ServerControl
  readonly onFault: ServerListeners['onConnectionError']
  /** Called with the descriptor of each client, which it must close eventually. */
  readonly onClient: (descriptor: number) => Steps
}

/**
 * Accepts one client after another until the server ends. Blocks the calling thread, except for a turn of the event loop
 * after each client, and each time the listener's receive timeout has passed.
 *
 * @throws SystemCallError if the listener itself is broken
 */
export function* acceptClients(options: AcceptOptions): Steps {
  const { listener, control, onFault, onClient } = options
  while (!control.ending) {
    let descriptor: number
    try {
      descriptor = acceptClient(listener)
    } catch (error) {
      // The listener was shut down to wake this loop.
      if (control.ending) return
      if (!(error instanceof SystemCallError && PASSING.has(error.code))) throw error
      onFault({ error, peer: 'unknown' })
      Atomics.wait(pause, 0, 0, PAUSE)
      yield
      continue
    }
    if (descriptor !== WOULD_BLOCK) yield* onClient(descriptor)
    yield
  }
}

/** Formats a client's address and port, such as `127.0.0.1:49152`. Returns `unknown` if it has already gone. */
export function peerName(descriptor: number): string {
  try {
    return formatAddress(peerAddress(descriptor))
  } catch {
    return 'unknown'
  }
}
