import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import { setReceiveTimeout } from '@h2lab/tls-context/native'
import type { BlockingMethod } from '../blocking/blocking-method'
import { ServerControl } from '../control/server-control'
import { startLoopThread } from '../loop/loop-thread'
import { startServer } from '../loop/start-server'
import { SYNC_PROTOCOL_NAMES } from '../protocol'
import { ClientThreads } from './client-threads'
import { handOutClients } from './listener-loop'

/** How often a listener that blocks the calling thread checks for reports, in milliseconds. */
const REPORT_INTERVAL = 250

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
      const listener = startLoopThread('listener-thread', data, 0, setup, (message) => {
        if (message.kind === 'thread-wanted') threads.startFor(message.slot)
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
        terminate() {
          listener.terminate()
          threads.terminate()
        },
      }
    }),

  async block(data, setup, onReady) {
    const threads = new ClientThreads(data, setup)
    await threads.startFirst()
    setReceiveTimeout(data.listener, REPORT_INTERVAL)
    const control = new ServerControl(data)
    try {
      onReady()
      handOutClients({
        listener: data.listener,
        control,
        onFault: setup.onConnectionError,
        onThreadWanted: (slot) => threads.startFor(slot),
        onSilence: () => threads.takeReports(),
      })
    } finally {
      if (!control.ending) control.kill()
      await threads.ended()
    }
  },
}
