import { workerData } from 'node:worker_threads'
import { packError } from './error-transfer'
import { type Loop, loadLoop } from './load-loop'
import type { LoopData } from './loop-data'
import type { ThreadData } from './loop-thread'
import { portReporter, type Report, type Reporter } from './reporter'

/** What a thread's loop gets. */
export interface ThreadContext {
  readonly data: LoopData
  readonly slot: number
  readonly reporter: Reporter
  /** Tells the thread that has started this one. */
  readonly report: (report: Report) => void
}

/**
 * The life of a worker thread: loads what clients are served with, and serves until the server ends. With the
 * loop's end the thread has nothing left to do, and so ends by itself.
 *
 * @param serve reports when it is ready, and blocks
 */
export async function runThread(
  serve: (loop: Loop, context: ThreadContext) => void,
): Promise<void> {
  const context = threadContext()
  let loop: Loop
  try {
    loop = await loadLoop(context.data, context.reporter)
  } catch (error) {
    context.report({ kind: 'failed', error: packError(error) })
    return
  }
  try {
    serve(loop, context)
  } finally {
    loop.tls?.free()
  }
}

/** What this thread was started with. */
export function threadContext(): ThreadContext {
  const { loop, slot, reports } = workerData as ThreadData
  // It doesn't keep the thread alive.
  reports.unref()
  return {
    data: loop,
    slot,
    reporter: portReporter(reports),
    report: (report) => reports.postMessage(report),
  }
}
