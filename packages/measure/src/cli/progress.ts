import type { WriteStream } from 'node:tty'

/** Where progress goes: a terminal, or anything else that takes lines. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** Which trials of how many. */
export interface TrialRange {
  readonly first: number
  readonly last: number
  /** Undefined if that depends on the time. */
  readonly of: number | undefined
}

/** Tells people how far a run is: one line that changes on a terminal, plain lines elsewhere. */
export class Progress {
  readonly #stream: ProgressStream
  readonly #startedAt = performance.now()
  #ended = 0
  #lineShown = false

  constructor(stream: ProgressStream) {
    this.#stream = stream
  }

  /**
   * Trials begin: one, or several that take turns.
   *
   * @param trials which of how many
   * @param timeLeft seconds that are left of a budget; undefined: as the trials before took
   */
  trialsStarted(trials: TrialRange, what: string, timeLeft?: number): void {
    const line = `[${countText(trials)}] ${what}${this.#timeLeft(trials, timeLeft)}`
    if (this.#stream.isTTY === true) {
      this.#clearLine()
      this.#stream.write(line.slice(0, (this.#stream.columns ?? 80) - 1))
      this.#lineShown = true
    } else {
      this.#stream.write(`${line}\n`)
    }
  }

  trialEnded(): void {
    this.#ended++
  }

  /** Something to keep, on a line of its own. */
  note(text: string): void {
    this.#clearLine()
    this.#stream.write(`${text}\n`)
  }

  /** Nothing more comes. */
  end(): void {
    this.#clearLine()
  }

  #timeLeft({ first, of }: TrialRange, timeLeft: number | undefined): string {
    if (timeLeft !== undefined) return `, ${duration(timeLeft)} left`
    if (this.#ended === 0 || of === undefined) return ''
    const each = (performance.now() - this.#startedAt) / this.#ended
    return `, ${duration((each * (of - first + 1)) / 1000)} left`
  }

  #clearLine(): void {
    // Erase in line and return to its beginning, ECMA-48.
    if (this.#lineShown) this.#stream.write('\u001b[2K\r')
    this.#lineShown = false
  }
}

/** As `3/6`, `3-4/6`, or `3-4` where nobody knows how many there will be. */
function countText({ first, last, of }: TrialRange): string {
  const range = first === last ? String(first) : `${first}-${last}`
  return of === undefined ? range : `${range}/${of}`
}

/** As `1 min 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`
}
