import type { StartedServer } from '../dispatch-method'

/**
 * How long threads may take to end by themselves once they were told to, in milliseconds: they do at once,
 * unless a handler doesn't return.
 */
const TERMINATE_AFTER = 500

/** The threads of a server, as {@link threadedServer} ends them. */
export interface ServingThreads {
  /** Tells them to finish what they have begun. */
  drain(): void
  /** Tells them to end at once. */
  kill(): void
  /** Ends those that don't listen. */
  terminate(): void
  /** Resolves when all are gone. Never rejects. */
  readonly ended: Promise<void>
  /** Called once when all are gone, to give back what they shared. */
  close?(): void
}

/** A server whose threads serve. When they are gone they aren't told anything any more. */
export function threadedServer(port: number, threads: ServingThreads): StartedServer {
  let state: 'running' | 'ended' = 'running'
  let timer: NodeJS.Timeout | undefined
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
    ended: threads.ended.then(() => {
      clearTimeout(timer)
      state = 'ended'
      threads.close?.()
    }),
  }
}

/** What {@link allReady} waits for: a `ServerThread`, or several. */
export interface StartingThread {
  readonly ready: Promise<void>
  readonly ended: Promise<void>
}

/**
 * Waits until all threads serve. If one can't, none is left.
 *
 * @param kill tells the others to end
 * @throws why the first of them can't serve
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
