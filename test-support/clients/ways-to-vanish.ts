import { once } from 'node:events'
import type { VanishingClient } from './vanishing-client'

/** How a client leaves, worded as the end of a sentence. */
export type Way = readonly [name: string, go: (client: VanishingClient) => void | Promise<void>]

export const ANY_WAYS: readonly Way[] = [
  ['half-closes in good order and falls silent', halfClose],
  [
    'closes its socket in good order',
    async (client) => {
      await halfClose(client)
      client.tcp.destroy()
    },
  ],
  ['resets its connection', ({ tcp }) => void tcp.resetAndDestroy()],
]

/** Only for clients with TLS. */
export const TLS_WAYS: readonly Way[] = [
  ['sends close_notify and falls silent', endTls],
  ['half-closes without close_notify and falls silent', endTcp],
  ['closes its socket without close_notify', ({ tcp }) => void tcp.destroy()],
]

/** Ends TLS, if used, and the client's side of the TCP connection. */
export async function halfClose(client: VanishingClient): Promise<void> {
  await endTls(client)
  endTcp(client)
}

async function endTls({ secure }: VanishingClient): Promise<void> {
  secure?.end()
  if (secure !== undefined) await once(secure, 'finish')
}

function endTcp({ tcp }: VanishingClient): void {
  tcp.end()
}
