import { closeDescriptor } from '@h2lab/tls-context/native'
import { serveClient } from '../connection/serve-client'
import type { ClientSlot } from '../control/client-slot'
import type { Loop } from '../loop/load-loop'
import type { Steps } from '../loop/turns'

/**
 * How long an idle thread is kept, in milliseconds. Starting a thread takes time and keeping it takes memory (see the
 * package's README).
 */
const IDLE_TIME = 60_000

/**
 * Serves the clients of a slot, one after another, until no more come. Blocks the thread, except for a turn of the event
 * loop after each client.
 *
 * @param onReady called when the slot accepts clients
 */
export function* serveSlot(slot: ClientSlot, loop: Loop, onReady: () => void): Steps {
  const ending = () => loop.control.ending
  try {
    // The first thread starts before there is a client; all others are started for one.
    if (slot.client === undefined) slot.becomeIdle()
    onReady()
    while (slot.awaitClient(IDLE_TIME, ending)) {
      yield* serveClient(slot, loop)
      yield
    }
  } catch (error) {
    // An internal error ends this thread, and so only its client.
    slot.refuseClients()
    slot.releaseClient(closeDescriptor)
    slot.vacate()
    throw error
  }
}
