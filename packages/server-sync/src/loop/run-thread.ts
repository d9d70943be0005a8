import { type HostedThread, hostThread } from '@h2lab/mini-http2/server/thread'
import { TlsObjects } from '@h2lab/tls-context/native'
import { type Loop, loadLoop } from './load-loop'
import type { ThreadData, ThreadMessage } from './loop-thread'
import { transferableErrors } from './transferable-errors'

/** A thread that runs a loop, as seen from inside. */
export type LoopHost = HostedThread<ThreadData, never, ThreadMessage>

/** How long an ending thread waits for the application's output to be written, in milliseconds. */
const LEAVING_TIME = 100

/**
 * The main function of a worker thread: loads what it serves with, and serves until the server ends. Anything the
 * application left running, such as timers, ends with it.
 *
 * @param serve reports when it is ready, and blocks
 */
export async function runThread(serve: (loop: Loop, host: LoopHost) => void): Promise<void> {
  const host = hostLoop()
  const { loop: data, tlsObjects } = host.data
  try {
    const loop = await loadLoop(data, host.listeners, new TlsObjects(tlsObjects))
    try {
      serve(loop, host)
    } finally {
      loop.tls?.free()
    }
  } catch (error) {
    host.failed(error)
  }
  setTimeout(() => process.exit(), LEAVING_TIME).unref()
}

/** What this thread was started with. */
export function hostLoop(): LoopHost {
  return hostThread(transferableErrors)
}
