import { type ProgressStream, StatusLine } from './status-line'

/** Which trials of how many. */
export interface TrialRange {
  readonly first: number
  readonly last: number
  /** Undefined if that depends on the time. */
  readonly of: number | undefined
}

/** Tells people how far a run is: one line that changes on a terminal, plain lines elsewhere. */
export class Progress {
  readonly #line: StatusLine
  readonly #startedAt = performance.now()
  #ended = 0

  constructor(stream: ProgressStream) {
    this.#line = new StatusLine(stream)
  }

  /**
   * Trials begin: one, or several that take turns.
   *
   * @param trials which of how many
   * @param timeLeft seconds that are left of a budget; undefined: as the trials before took
   */
  trialsStarted(trials: TrialRange, what: string, timeLeft?: number): void {
    const line = `[${countText(trials)}] ${what}${this.#timeLeft(trials, timeLeft)}`
    if (this.#line.isPossible) this.#line.show(line)
    else this.#line.note(line)
  }

  trialEnded(): void {
    this.#ended++
  }

  /** Something to keep, on a line of its own. */
  note(text: string): void {
    this.#line.note(text)
  }

  /** Nothing more comes. */
  end(): void {
    this.#line.clear()
  }

  #timeLeft({ first, of }: TrialRange, timeLeft: number | undefined): string {
    if (timeLeft !== undefined) return `, ${duration(timeLeft)} left`
    if (this.#ended === 0 || of === undefined) return ''
    const each = (performance.now() - this.#startedAt) / this.#ended
    return `, ${duration((each * (of - first + 1)) / 1000)} left`
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
