import { ClientRefusedError } from '@h2lab/mini-http2/server'
import { closeDescriptor } from '@h2lab/tls-context/native'
import type { ServerControl } from '../control/server-control'
import { type AcceptOptions, acceptClients, peerName } from '../listener/accept-clients'

/** What {@link handOutClients} needs. */
export interface HandOutOptions extends Omit<AcceptOptions, 'onClient'> {
  /** A client waits in this slot, which has no thread. */
  readonly onThreadWanted: (slot: number) => void
}

/**
 * Accepts clients and hands each to a thread: to one that has nothing to do, else to a new one. If all slots
 * are taken, the client is refused. Blocks the calling thread until the server ends.
 */
export function handOutClients(options: HandOutOptions): void {
  acceptClients({ ...options, onClient: (descriptor) => handOut(descriptor, options) })
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

/** The first slots' threads first: so those that aren't needed any more stay idle, and end. */
function giveToIdleThread({ slots }: ServerControl, descriptor: number): boolean {
  for (const slot of slots) if (slot.giveToIdleThread(descriptor)) return true
  return false
}
