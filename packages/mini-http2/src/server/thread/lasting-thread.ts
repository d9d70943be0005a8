import { ServerFailedError } from '../failures'
import type { ServerThread } from './server-thread'

/** How often replacing a thread may fail within a period, before the server gives up. */
const MOST_FAILURES = 5
/** In milliseconds. */
const PERIOD = 10_000
/** How long to wait after the first failure, in milliseconds; twice as long after each further one. */
const FIRST_PAUSE = 50

type AnyThread = Pick<
  ServerThread<never, never, never>,
  'ready' | 'ended' | 'hasServed' | 'terminate'
>

/** Options of a {@link LastingThread}. */
export interface LastingThreadOptions {
  /** Starts the thread, or its replacement. */
  readonly start: () => AnyThread
  /** Whether the server ends, so that the thread is not replaced. */
  readonly isEnding: () => boolean
  /** Called with the error of a replacement that can't start. */
  readonly onFailure: (error: Error) => void
}

/**
 * A thread that a server can't do without. When it dies it is replaced. A replacement fails if it ends before it has got
 * a client. If that happens again and again, the server has failed.
 */
export class LastingThread {
  /** Resolves when the first thread serves. Rejects if it fails to start. */
  readonly ready: Promise<void>
  /** Resolves when the thread has ended and is not replaced. Never rejects. */
  readonly ended: Promise<void>
  readonly #options: LastingThreadOptions
  #thread: AnyThread
  #endPause = () => {}
  #failure: ServerFailedError | undefined

  constructor(options: LastingThreadOptions) {
    this.#options = options
    this.#thread = options.start()
    this.ready = this.#thread.ready
    this.ended = this.ready.then(
      () => this.#replace(),
      () => this.#thread.ended,
    )
  }

  /** Why the thread is not replaced any more, unless the server ends. */
  get failure(): ServerFailedError | undefined {
    return this.#failure
  }

  terminate(): void {
    this.#thread.terminate()
    this.#endPause()
  }

  async #replace(): Promise<void> {
    const { isEnding } = this.#options
    let failures: number[] = []
    for (;;) {
      await this.#thread.ended
      if (isEnding()) return
      if (this.#thread.hasServed) failures = []
      else {
        const now = performance.now()
        failures = [...failures.filter((time) => now - time < PERIOD), now]
        if (failures.length >= MOST_FAILURES) {
          this.#failure = tooManyFailures()
          return
        }
        await this.#pause(FIRST_PAUSE * 2 ** (failures.length - 1))
        if (isEnding()) return
      }
      this.#thread = this.#options.start()
      this.#thread.ready.catch((error: Error) => {
        if (!isEnding()) this.#options.onFailure(error)
      })
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function tooManyFailures(): ServerFailedError {
  return new ServerFailedError(
    `its thread has ended ${MOST_FAILURES} times within ${PERIOD / 1000} seconds before it served a client, see the errors before this one`,
  )
}
