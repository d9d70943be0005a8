import type { StartedServer } from '../dispatch-method'
import type { ServerFailedError } from '../failures'
import { onProcessExit } from './process-exit'

/**
 * How long threads may take to end after they were asked to, in milliseconds. They end immediately
 * unless a handler doesn't return.
 */
const TERMINATE_AFTER = 500

/** The threads of a server, for {@link threadedServer}. */
export interface ServingThreads {
  /** Tells the threads to finish their requests. */
  drain(): void
  /** Tells the threads to end immediately. */
  kill(): void
  /** Terminates threads that don't respond. */
  terminate(): void
  /** Resolves when all threads have ended. Never rejects. */
  readonly ended: Promise<void>
  /** Why the threads have ended, if nobody has told them to. */
  readonly failure?: ServerFailedError | undefined
  /** Called once when all threads have ended, to release what they shared. */
  close?(): void
}

/**
 * A server whose threads serve. It doesn't send commands to threads that have ended. If the process
 * exits before, they are killed.
 */
export function threadedServer(port: number, threads: ServingThreads): StartedServer {
  let state: 'running' | 'ended' = 'running'
  let timer: NodeJS.Timeout | undefined
  const forgetExit = onProcessExit('end', () => threads.kill())
  return {
    port,
    drain() {
      if (state === 'running') threads.drain()
    },
    kill() {
      if (state === 'ended') return
      threads.kill()
      timer = setTimeout(() => threads.terminate(), TERMINATE_AFTER)
    },
    get failure() {
      return threads.failure
    },
    ended: threads.ended.then(() => {
      forgetExit()
      clearTimeout(timer)
      state = 'ended'
      threads.close?.()
    }),
  }
}

/** A starting thread, or several: see {@link allReady}. */
export interface StartingThread {
  readonly ready: Promise<void>
  readonly ended: Promise<void>
}

/**
 * Waits until all threads serve. If one fails, the others are ended.
 *
 * @param kill ends the others
 * @throws the error of the first thread that fails
 */
export async function allReady(
  threads: readonly StartingThread[],
  kill: () => void,
): Promise<void> {
  const outcomes = await Promise.allSettled(threads.map(({ ready }) => ready))
  const failure = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failure === undefined) return
  kill()
  await Promise.all(threads.map(({ ended }) => ended))
  throw failure.reason
}
