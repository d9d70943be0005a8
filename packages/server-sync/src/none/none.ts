import { LastingThread } from '@h2lab/mini-http2/server/thread'
import type { BlockingMethod } from '../blocking/blocking-method'
import { loadLoop } from '../loop/load-loop'
import { startLoopThread } from '../loop/loop-thread'
import { lostThread } from '../loop/lost-thread'
import { startServer } from '../loop/start-server'
import { runInTurns } from '../loop/turns'
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
    startServer(none, setup, async (data, control) => {
      const { onDied, onFailure } = lostThread(control, control.slots[0], setup)
      const thread = new LastingThread({
        start: () => startLoopThread('none-thread', data, setup, { onDied }),
        isEnding: () => control.ending,
        onFailure,
      })
      try {
        await thread.ready
      } catch (error) {
        await thread.ended
        throw error
      }
      return thread
    }),

  async block(data, setup, onReady) {
    const loop = await loadLoop(data, setup)
    try {
      onReady()
      await runInTurns(serveOneAfterTheOther(data.listener, loop))
    } finally {
      loop.tls?.free()
    }
  },
}
