import { type ServerListeners, ServerThread, threadFile } from '@h2lab/mini-http2/server/thread'
import { NATIVE_ERRORS, TlsObjects } from '@h2lab/tls-context/native'
import type { Command, SharedData, ThreadData } from './thread-data'
import { MOST_DESCRIPTORS, ThreadDescriptors } from './thread-descriptors'

/** The build entry that runs in a loop's thread. */
const ENTRY = 'async-custom-thread'

/** A worker thread that runs a loop, as seen by the thread that started it. */
export type LoopThread = ServerThread<ThreadData, Command>

/**
 * Starts a thread. Never throws: see `ready`.
 *
 * @param listener the descriptor of its listening socket, which is closed when the thread has ended, even after a
 *   failure
 */
export function startLoopThread(
  shared: SharedData,
  listener: number,
  listeners: ServerListeners,
): LoopThread {
  const descriptors = ThreadDescriptors.create()
  const open = new ThreadDescriptors(descriptors)
  open.add(listener)
  // One for the context and one per client. There can't be more clients than descriptors.
  const clients = Math.min(shared.setup.options.maxClients, MOST_DESCRIPTORS)
  const tlsObjects = TlsObjects.create(1 + clients)
  return new ServerThread({
    file: threadFile(import.meta.url, ENTRY),
    data: { ...shared, listener, descriptors, tlsObjects },
    transferableErrors: NATIVE_ERRORS,
    listeners,
    onGone() {
      open.closeAll()
      new TlsObjects(tlsObjects).freeAll()
    },
  })
}
