import { closeDescriptor } from '@h2lab/tls-context/native'
import { serveClient } from '../connection/serve-client'
import type { ClientSlot } from '../control/client-slot'
import type { Loop } from '../loop/load-loop'

/**
 * How long a thread without a client is kept, in milliseconds. Starting one takes time, keeping it
 * memory (the package's README says how much): so as long as clients come now and then.
 */
const IDLE_TIME = 60_000

/**
 * Serves the clients of a slot, one after the other, as long as there are any. Blocks the thread.
 *
 * @param onReady called before, when clients can be given to the slot
 */
export function serveSlot(slot: ClientSlot, loop: Loop, onReady: () => void): void {
  const ending = () => loop.control.ending
  try {
    // The first thread is there before its client, all others because of theirs.
    if (slot.client === undefined) slot.becomeIdle()
    onReady()
    while (slot.awaitClient(IDLE_TIME, ending)) {
      serveClient(slot, loop)
    }
  } catch (error) {
    // A fault of ours ends this thread, and with it only this client.
    slot.refuseClients()
    slot.releaseClient(closeDescriptor)
    slot.vacate()
    throw error
  }
}
