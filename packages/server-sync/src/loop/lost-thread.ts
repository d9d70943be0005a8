import type { ServerListeners } from '@h2lab/mini-http2/server/thread'
import { closeDescriptor } from '@h2lab/tls-context/native'
import type { ClientSlot } from '../control/client-slot'
import type { ServerControl } from '../control/server-control'
import { peerName } from '../listener/accept-clients'

/** What happens when a thread dies or can't start. After a kill, that is expected. */
export interface LostThread {
  /** Reports the error and closes the client of the thread. */
  onDied(error: Error): void
  /** Reports the error. */
  onFailure(error: Error): void
}

/** @param slot that of the thread's client; undefined for a thread without one */
export function lostThread(
  control: ServerControl,
  slot: ClientSlot | undefined,
  { onConnectionError }: Pick<ServerListeners, 'onConnectionError'>,
): LostThread {
  const onFailure = (error: Error) => {
    if (control.killed) return
    const descriptor = slot?.client
    const peer = descriptor === undefined ? 'unknown' : peerName(descriptor)
    onConnectionError({ error, peer })
  }
  return {
    onFailure,
    onDied(error) {
      onFailure(error)
      slot?.releaseClient(closeDescriptor)
    },
  }
}
