import type { ServerListeners } from '@h2lab/mini-http2/server/thread'
import {
  acceptClient,
  formatAddress,
  peerAddress,
  SystemCallError,
  WOULD_BLOCK,
} from '@h2lab/tls-context/native'
import type { ServerControl } from '../control/server-control'

/** Errors of accept(2) that pass by themselves: too many files are open, or memory is short. */
const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

/** How long to wait after such an error, in milliseconds. */
const PAUSE = 100

const pause = new Int32Array(new SharedArrayBuffer(4))

/** What {@link acceptClients} needs. */
export interface AcceptOptions {
  /** The descriptor of a listening socket in blocking mode. */
  readonly listener: number
  readonly control: ServerControl
  readonly onFault: ServerListeners['onConnectionError']
  /** Gets the descriptor of each client, and has to see to it that it is closed. */
  readonly onClient: (descriptor: number) => void
  /** Called whenever the listener's receive timeout has passed. */
  readonly onSilence?: () => void
}

/**
 * Accepts one client after the other until the server ends. Blocks the calling thread.
 *
 * @throws SystemCallError if the listener itself is broken
 */
export function acceptClients(options: AcceptOptions): void {
  const { listener, control, onFault, onClient, onSilence } = options
  while (!control.ending) {
    let descriptor: number
    try {
      descriptor = acceptClient(listener)
    } catch (error) {
      // It was shut down to wake this loop.
      if (control.ending) return
      if (!(error instanceof SystemCallError && PASSING.has(error.code))) throw error
      onFault({ error, peer: 'unknown' })
      Atomics.wait(pause, 0, 0, PAUSE)
      continue
    }
    if (descriptor === WOULD_BLOCK) onSilence?.()
    else onClient(descriptor)
  }
}

/** Names a client by its address and port, as `127.0.0.1:49152`; `unknown` if it has gone already. */
export function peerName(descriptor: number): string {
  try {
    return formatAddress(peerAddress(descriptor))
  } catch {
    return 'unknown'
  }
}
