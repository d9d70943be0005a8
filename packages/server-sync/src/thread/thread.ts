import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import { LastingThread } from '@h2lab/mini-http2/server/thread'
import { setReceiveTimeout } from '@h2lab/tls-context/native'
import type { BlockingMethod } from '../blocking/blocking-method'
import { ServerControl } from '../control/server-control'
import { startLoopThread } from '../loop/loop-thread'
import { lostThread } from '../loop/lost-thread'
import { startServer } from '../loop/start-server'
import { runInTurns } from '../loop/turns'
import { SYNC_PROTOCOL_NAMES } from '../protocol'
import { ClientThreads } from './client-threads'
import { handOutClients } from './listener-loop'

/** How long a listener that blocks the calling thread waits at most before the event loop gets a turn, in milliseconds. */
const SILENCE_INTERVAL = 250

/**
 * The dispatch method `thread`: the blocking loop of `none`, in a worker thread per client. A listener accepts.
 * Threads are reused.
 */
export const thread: BlockingMethod = {
  name: 'thread',
  protocols: SYNC_PROTOCOL_NAMES,
  handlers: 'modules',
  // Each client has a thread with its own JavaScript heap: 1.6 GiB in total for this many.
  defaultMaxClients: 128,
  clientsAtOnce: ({ maxClients }) => maxClients,
  defaultReadTimeout: DEFAULT_LIMITS.idleTimeout,

  start: (setup) =>
    startServer(thread, setup, async (data, control) => {
      const threads = new ClientThreads(data, setup)
      const first = threads.startFirst()
      const { onDied, onFailure } = lostThread(control, undefined, setup)
      const listener = new LastingThread({
        start: () =>
          startLoopThread('listener-thread', data, setup, {
            onDied,
            onMessage(message) {
              if (message.kind === 'thread-wanted') threads.startFor(message.slot)
            },
          }),
        isEnding: () => control.ending,
        onFailure,
      })
      try {
        // Started concurrently, because each takes time.
        await Promise.all([first, listener.ready])
      } catch (error) {
        control.kill()
        await listener.ended
        await threads.ended()
        throw error
      }
      return {
        ended: listener.ended.then(() => {
          // Without a listener there is no server, so end the rest as well.
          if (!control.ending) control.kill()
          return threads.ended()
        }),
        get failure() {
          return listener.failure
        },
        terminate() {
          listener.terminate()
          threads.terminate()
        },
      }
    }),

  async block(data, setup, onReady) {
    const threads = new ClientThreads(data, setup)
    await threads.startFirst()
    setReceiveTimeout(data.listener, SILENCE_INTERVAL)
    const control = new ServerControl(data)
    try {
      onReady()
      await runInTurns(
        handOutClients({
          listener: data.listener,
          control,
          onFault: setup.onConnectionError,
          onThreadWanted: (slot) => threads.startFor(slot),
        }),
      )
    } finally {
      if (!control.ending) control.kill()
      await threads.ended()
    }
  },
}
