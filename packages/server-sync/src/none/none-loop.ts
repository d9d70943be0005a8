import { serveClient } from '../connection/serve-client'
import { acceptClients } from '../listener/accept-clients'
import type { Loop } from '../loop/load-loop'

/**
 * Accepts one client after another and serves each until it is finished. Others wait in the listen queue. Blocks the
 * calling thread until the server ends.
 */
export function serveOneAfterTheOther(listener: number, loop: Loop): void {
  const { control, onFault } = loop
  const slot = control.slots[0]!
  acceptClients({
    listener,
    control,
    onFault,
    onClient(descriptor) {
      slot.setClient(descriptor)
      serveClient(slot, loop)
    },
  })
}
