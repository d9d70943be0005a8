import { type HostedThread, hostThread } from '@h2lab/mini-http2/server/thread'
import { TlsObjects } from '@h2lab/tls-context/native'
import { ServerControl } from '../control/server-control'
import { type Loop, loadLoop } from './load-loop'
import type { ThreadData, ThreadMessage } from './loop-thread'
import { transferableErrors } from './transferable-errors'
import { runInTurns, type Steps } from './turns'

/** A thread that runs a loop, as seen from inside. */
export type LoopHost = HostedThread<ThreadData, never, ThreadMessage>

/** How long an ending thread waits for the application's output to be written, in milliseconds. */
const LEAVING_TIME = 100

/**
 * The main function of a worker thread: loads what it serves with, and serves until the server ends. Anything the
 * application left running, such as timers, ends with it.
 *
 * @param serve reports when it is ready, and serves
 */
export async function runThread(serve: (loop: Loop, host: LoopHost) => Steps): Promise<void> {
  const host = hostLoop()
  try {
    // Loading takes time, and the server may have ended meanwhile.
    if (!new ServerControl(host.data.loop).killed) await loadAndServe(host, serve)
    host.leaving()
  } catch (error) {
    host.failed(error)
  }
  setTimeout(() => process.exit(), LEAVING_TIME).unref()
}

async function loadAndServe(
  host: LoopHost,
  serve: (loop: Loop, host: LoopHost) => Steps,
): Promise<void> {
  const calls = host.applicationCalls()
  const { loop: data, slot, tlsObjects } = host.data
  const loop = await loadLoop(data, host.listeners, slot, {
    tlsObjects: new TlsObjects(tlsObjects),
    calls,
  })
  try {
    await runInTurns(serve(loop, host), calls)
  } finally {
    loop.tls?.free()
  }
}

/** What this thread was started with. */
export function hostLoop(): LoopHost {
  return hostThread(transferableErrors)
}
