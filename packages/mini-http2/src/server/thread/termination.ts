import type { ThreadState } from './thread-state'

/** How often it is checked whether a thread may be terminated, in milliseconds. */
const INTERVAL = 100

/** How long a thread may load at most, in milliseconds. Several dozen take some seconds on a busy machine. */
const LONGEST_START = 30_000

/**
 * Terminates a thread when it may be. A native addon that is interrupted while it loads, or binds functions, aborts the
 * process. So a thread is terminated only when it is in the application and stays there.
 */
export class Termination {
  readonly #state: ThreadState
  readonly #terminate: () => void
  #timer: NodeJS.Timeout | undefined
  #isDone = false
  /** The call of the application that was under way at the last check. */
  #call: number | undefined

  /** @param terminate ends the thread at once */
  constructor(state: ThreadState, terminate: () => void) {
    this.#state = state
    this.#terminate = terminate
  }

  /** Whether the thread was terminated. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** The thread is to be terminated as soon as possible. Only the first call has an effect. */
  begin(): void {
    if (this.#timer !== undefined || this.#isDone) return
    const latest = performance.now() + LONGEST_START
    const check = () => {
      if (this.#isInApplication() || performance.now() >= latest) {
        this.end()
        this.#isDone = true
        this.#terminate()
      }
    }
    this.#timer = setInterval(check, INTERVAL)
    check()
  }

  /** The thread has ended. */
  end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #isInApplication(): boolean {
    if (this.#state.phase === 'starting') return false
    const before = this.#call
    this.#call = this.#state.applicationCall
    return this.#call === 0 || (this.#call !== undefined && this.#call === before)
  }
}
