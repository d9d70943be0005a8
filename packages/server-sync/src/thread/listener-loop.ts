import { ClientRefusedError } from '@h2lab/mini-http2/server'
import { closeDescriptor } from '@h2lab/tls-context/native'
import type { ServerControl } from '../control/server-control'
import { type AcceptOptions, acceptClients, peerName } from '../listener/accept-clients'
import type { Steps } from '../loop/turns'

/** The options of {@link handOutClients}. */
export interface HandOutOptions extends Omit<AcceptOptions, 'onClient'> {
  /** Called when a client is in a slot that has no thread. */
  readonly onThreadWanted: (slot: number) => void
}

/**
 * Accepts clients and gives each to an idle thread, or to a new one. If all slots are taken, the client is refused.
 * Blocks the calling thread until the server ends.
 */
export function handOutClients(options: HandOutOptions): Steps {
  return acceptClients({
    ...options,
    // biome-ignore lint/correctness/useYield: it never waits
    *onClient(descriptor) {
      handOut(descriptor, options)
    },
  })
}

function handOut(descriptor: number, { control, onFault, onThreadWanted }: HandOutOptions): void {
  if (giveToIdleThread(control, descriptor)) return
  const slot = control.slots.findIndex((one) => one.reserve())
  if (slot === -1) {
    const peer = peerName(descriptor)
    closeDescriptor(descriptor)
    onFault({ error: new ClientRefusedError(control.slots.length), peer })
    return
  }
  control.slots[slot]!.setClient(descriptor)
  onThreadWanted(slot)
}

/** Prefers the first slots, so that threads no longer needed stay idle and end. */
function giveToIdleThread({ slots }: ServerControl, descriptor: number): boolean {
  for (const slot of slots) if (slot.giveToIdleThread(descriptor)) return true
  return false
}
