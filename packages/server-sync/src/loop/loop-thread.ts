import { type ServerListeners, ServerThread, threadFile } from '@h2lab/mini-http2/server/thread'
import { TlsObjects } from '@h2lab/tls-context/native'
import type { LoopData } from './loop-data'
import { transferableErrors } from './transferable-errors'

/** The build entries that run in threads. */
export type ThreadEntry = 'none-thread' | 'listener-thread' | 'client-thread'

/** What a thread is started with. */
export interface ThreadData {
  readonly loop: LoopData
  /** The index of the slot it serves. A listener ignores it. */
  readonly slot: number
  /** The memory of its `TlsObjects`. */
  readonly tlsObjects: SharedArrayBuffer
}

/** What a thread reports, in addition to what every thread reports. */
export type ThreadMessage =
  /** From the listener: a client is in a slot that has no thread. */
  | { readonly kind: 'thread-wanted'; readonly slot: number }
  /** From a client's thread: it has left its slot, which may get another thread. */
  | { readonly kind: 'slot-left' }

/** A thread that runs a loop. It is blocked, so it can't receive messages. */
export type LoopThread = ServerThread<ThreadData, never, ThreadMessage>

/** The most OpenSSL objects of a thread: its context and the connection of its current client. */
const MOST_TLS_OBJECTS = 2

/** What a thread differs in from others of its server. */
export interface LoopThreadOptions {
  /** The index of the slot it serves. Default 0. */
  readonly slot?: number
  readonly onMessage?: (message: ThreadMessage) => void
  /** Called if the thread ends although the server does not. */
  readonly onDied: (error: Error) => void
}

/** Starts a thread. Never throws: see `ready`. */
export function startLoopThread(
  entry: ThreadEntry,
  loop: LoopData,
  listeners: ServerListeners,
  { slot = 0, ...options }: LoopThreadOptions,
): LoopThread {
  const tlsObjects = TlsObjects.create(MOST_TLS_OBJECTS)
  return new ServerThread({
    file: threadFile(import.meta.url, entry),
    data: { loop, slot, tlsObjects },
    transferableErrors,
    listeners,
    ...options,
    // A thread that was terminated inside a handler could not free them.
    onGone: () => new TlsObjects(tlsObjects).freeAll(),
  })
}
