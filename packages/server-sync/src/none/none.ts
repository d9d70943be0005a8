import { allReady } from '@h2lab/mini-http2/server/thread'
import type { BlockingMethod } from '../blocking/blocking-method'
import { loadLoop } from '../loop/load-loop'
import { startLoopThread } from '../loop/loop-thread'
import { startServer } from '../loop/start-server'
import { SYNC_PROTOCOL_NAMES } from '../protocol'
import { serveOneAfterTheOther } from './none-loop'

/**
 * The dispatch method `none`: blocking `accept`, `read` and `write`. It serves one client at a time; others wait in
 * the listen queue.
 */
export const none: BlockingMethod = {
  name: 'none',
  protocols: SYNC_PROTOCOL_NAMES,
  handlers: 'modules',
  clientsAtOnce: () => 1,
  // A silent client makes all others wait.
  defaultReadTimeout: 10_000,

  start: (setup) =>
    startServer(none, setup, async (data) => {
      const thread = startLoopThread('none-thread', data, 0, setup)
      // The thread ends by itself if it can't serve.
      await allReady([thread], () => {})
      return { ended: thread.ended, terminate: () => thread.terminate() }
    }),

  async block(data, setup, onReady) {
    const loop = await loadLoop(data, setup)
    try {
      onReady()
      serveOneAfterTheOther(data.listener, loop)
    } finally {
      loop.tls?.free()
    }
  },
}
