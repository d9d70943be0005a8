import { type ProgressStream, StatusLine } from './status-line'

/** The numbers of the current trials and their total. */
export interface TrialRange {
  readonly first: number
  readonly last: number
  /** Undefined if it depends on the time. */
  readonly of: number | undefined
}

/** Shows the progress of a run: a line that changes on a terminal, plain lines otherwise. */
export class Progress {
  readonly #line: StatusLine
  readonly #startedAt = performance.now()
  #ended = 0

  constructor(stream: ProgressStream) {
    this.#line = new StatusLine(stream)
  }

  /**
   * Called when trials start: one, or several that take turns.
   *
   * @param trials their numbers and the total
   * @param timeLeft the seconds left in the budget; if undefined, estimated from earlier trials
   */
  trialsStarted(trials: TrialRange, what: string, timeLeft?: number): void {
    const line = `[${countText(trials)}] ${what}${this.#timeLeft(trials, timeLeft)}`
    if (this.#line.isPossible) this.#line.show(line)
    else this.#line.note(line)
  }

  trialEnded(): void {
    this.#ended++
  }

  /** Prints a permanent line. */
  note(text: string): void {
    this.#line.note(text)
  }

  /** Ends the progress display. */
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

/** Such as `3/6`, `3-4/6`, or `3-4` if the total is unknown. */
function countText({ first, last, of }: TrialRange): string {
  const range = first === last ? String(first) : `${first}-${last}`
  return of === undefined ? range : `${range}/${of}`
}

/** Such as `1 min 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`
}
