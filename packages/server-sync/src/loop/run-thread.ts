import { type HostedThread, hostThread } from '@h2lab/mini-http2/server/thread'
import { TlsObjects } from '@h2lab/tls-context/native'
import { type Loop, loadLoop } from './load-loop'
import type { ThreadData, ThreadMessage } from './loop-thread'
import { transferableErrors } from './transferable-errors'

/** A thread that runs a loop, seen from inside. */
export type LoopHost = HostedThread<ThreadData, never, ThreadMessage>

/** How long a thread without work may have to pass on what an application has printed, in milliseconds. */
const LEAVING_TIME = 100

/**
 * The life of a worker thread: loads what clients are served with, and serves until the server ends. What the
 * application has left behind, as timers, ends with it.
 *
 * @param serve says when it is ready, and blocks
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
