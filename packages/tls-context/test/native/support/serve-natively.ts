import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'
import { type NativeTlsContextOptions, shutdownSocket } from '../../../src/native'
import type { Handshake } from '../../suites/http2-tls-suite'

/** What the serving thread tells. */
type Message =
  | { readonly kind: 'listening'; readonly listener: number; readonly port: number }
  | { readonly kind: 'handshake'; readonly handshake: Handshake }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }

export interface ServingEvents {
  readonly onHandshake?: ((handshake: Handshake) => void) | undefined
  readonly onFailure?:
    | ((failure: { readonly code: string; readonly message: string }) => void)
    | undefined
}

/**
 * Serves TLS in a thread, with the built package, until the test has finished.
 *
 * @param over who moves the encrypted octets: OpenSSL, or the server through memory BIOs
 * @returns the port
 */
export async function serveNatively(
  over: 'descriptor' | 'memory',
  options: NativeTlsContextOptions,
  { onHandshake, onFailure }: ServingEvents = {},
): Promise<number> {
  const thread = new Worker(new URL('serving-thread.mjs', import.meta.url), {
    workerData: { options, over },
  })
  const ended = once(thread, 'exit')
  const listening = await new Promise<Message & { kind: 'listening' }>((resolve, reject) => {
    thread.on('error', reject)
    thread.on('message', (message: Message) => {
      if (message.kind === 'listening') resolve(message)
      else if (message.kind === 'handshake') onHandshake?.(message.handshake)
      else onFailure?.(message)
    })
  })
  onTestFinished(async () => {
    shutdownSocket(listening.listener, 'both')
    await ended
  })
  return listening.port
}
