import { type ServerListeners, ServerThread, threadFile } from '@h2lab/mini-http2/server/thread'
import { TlsObjects } from '@h2lab/tls-context/native'
import type { LoopData } from './loop-data'
import { transferableErrors } from './transferable-errors'

/** The entries of the build that threads run. */
export type ThreadEntry = 'none-thread' | 'listener-thread' | 'client-thread'

/** What a thread is started with. */
export interface ThreadData {
  readonly loop: LoopData
  /** Which of the control's slots it serves; no use to a listener. */
  readonly slot: number
  /** The memory of its `TlsObjects`. */
  readonly tlsObjects: SharedArrayBuffer
}

/** What a thread tells, besides what every thread tells. */
export type ThreadMessage =
  /** From the listener: a client waits in a slot that has no thread. */
  | { readonly kind: 'thread-wanted'; readonly slot: number }
  /** From a client's thread: its slot is another one's from now on. */
  | { readonly kind: 'slot-left' }

/** A thread that runs a loop. It blocks: it can't be told anything. */
export type LoopThread = ServerThread<ThreadData, never, ThreadMessage>

/** What a thread has of OpenSSL: its context, and the connection of the one client that it serves at a time. */
const MOST_TLS_OBJECTS = 2

/** Starts a thread. Never throws: see `ready`. */
export function startLoopThread(
  entry: ThreadEntry,
  loop: LoopData,
  slot: number,
  listeners: ServerListeners,
  onMessage?: (message: ThreadMessage) => void,
): LoopThread {
  const tlsObjects = TlsObjects.create(MOST_TLS_OBJECTS)
  return new ServerThread({
    file: threadFile(import.meta.url, entry),
    data: { loop, slot, tlsObjects },
    transferableErrors,
    listeners,
    ...(onMessage && { onMessage }),
    // A thread that was terminated in a handler had no time to free them.
    onGone: () => new TlsObjects(tlsObjects).freeAll(),
  })
}
