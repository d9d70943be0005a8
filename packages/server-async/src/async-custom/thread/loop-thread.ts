import { type ServerListeners, ServerThread, threadFile } from '@h2lab/mini-http2/server/thread'
import { NATIVE_ERRORS, TlsObjects } from '@h2lab/tls-context/native'
import type { Command, SharedData, ThreadData } from './thread-data'
import { MOST_DESCRIPTORS, ThreadDescriptors } from './thread-descriptors'

/** The name of the build's entry that a loop's thread runs. */
const ENTRY = 'async-custom-thread'

/** A worker thread that runs a loop, seen from the thread that has started it. */
export type LoopThread = ServerThread<ThreadData, Command>

/**
 * Starts a thread. Never throws: see `ready`.
 *
 * @param listener the descriptor of its socket; whatever happens, it is closed when the thread has ended
 */
export function startLoopThread(
  shared: SharedData,
  listener: number,
  listeners: ServerListeners,
): LoopThread {
  const descriptors = ThreadDescriptors.create()
  const open = new ThreadDescriptors(descriptors)
  open.add(listener)
  // One for the context. Clients have a descriptor each, so there can't be more.
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
