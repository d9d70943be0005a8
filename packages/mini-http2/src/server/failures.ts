/*
 * Failures of a server itself, which no client's connection has caused alone. Never thrown: passed to
 * `onConnectionError`, or the reason why a server has ended.
 */

/**
 * A thread of a server has ended although the server goes on: the application called
 * `process.exit`, threw outside of a request, left a rejection unhandled, or used up the thread's
 * heap. Only the thread's own clients are lost. The server replaces the thread.
 */
export class ThreadDiedError extends Error {
  override readonly name = 'ThreadDiedError'
  /** Stable; identifies the kind of fault. */
  readonly code = 'THREAD_DIED'

  /**
   * @param why what has ended the thread, worded as the end of a sentence; or its error, which
   *   becomes the `cause`
   */
  constructor(why: string | Error) {
    const [reason, options] = typeof why === 'string' ? [why] : [reasonOf(why), { cause: why }]
    super(`A thread of the server ended: ${reason}.`, options)
  }
}

/** A server has ended by itself, because it could not go on. */
export class ServerFailedError extends Error {
  override readonly name = 'ServerFailedError'
  /** Stable; identifies the kind of fault. */
  readonly code = 'SERVER_FAILED'

  /** @param why worded as the end of a sentence */
  constructor(why: string, options?: ErrorOptions) {
    super(`The server has ended: ${why}.`, options)
  }
}

/**
 * A thread had more errors to report than this process took in. They are lost except for their
 * number, because they would fill the memory.
 */
export class ReportsLeftOutError extends Error {
  override readonly name = 'ReportsLeftOutError'
  /** Stable; identifies the kind of fault. */
  readonly code = 'REPORTS_LEFT_OUT'
  /** How many errors were left out. */
  readonly count: number

  constructor(count: number) {
    super(`${count} errors of clients and handlers were left out: there were too many at once.`)
    this.count = count
  }
}

/** The default of `onConnectionError`: prints the failures of the server, and ignores those of connections. */
export function reportFailure({ error }: { readonly error: Error }): void {
  const isFailure =
    error instanceof ThreadDiedError ||
    error instanceof ServerFailedError ||
    error instanceof ReportsLeftOutError
  if (isFailure) console.error(error.message)
}

function reasonOf({ name, message, code }: Error & { readonly code?: unknown }): string {
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return 'its JavaScript heap is full'
  return `${name}: ${message.replace(/\.$/, '')}`
}
