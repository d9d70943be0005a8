import { serveClient } from '../connection/serve-client'
import { acceptClients } from '../listener/accept-clients'
import type { Loop } from '../loop/load-loop'
import type { Steps } from '../loop/turns'

/**
 * Accepts one client after another and serves each until it is finished. Others wait in the listen queue. Blocks the
 * calling thread until the server ends.
 *
 * @param onClient called before each client is served
 */
export function serveOneAfterTheOther(
  listener: number,
  loop: Loop,
  onClient: () => void = () => {},
): Steps {
  const { control, onFault } = loop
  const slot = control.slots[0]!
  return acceptClients({
    listener,
    control,
    onFault,
    *onClient(descriptor) {
      onClient()
      slot.setClient(descriptor)
      yield* serveClient(slot, loop)
    },
  })
}
