import type { WriteStream } from 'node:tty'
import type { TrialIdentity } from '../experiment/run-experiment'

/** Where progress goes: a terminal, or anything else that takes lines. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** Tells people how far a run is: one line that changes on a terminal, plain lines elsewhere. */
export class Progress {
  readonly #stream: ProgressStream
  readonly #startedAt = performance.now()
  #ended = 0
  #lineShown = false

  constructor(stream: ProgressStream) {
    this.#stream = stream
  }

  /** A trial begins. */
  trialStarted(identity: TrialIdentity, what: string): void {
    this.#show(`[${identity.trial}/${identity.trials}] ${what}${this.#timeLeft(identity)}`)
  }

  /** Something begins of which nobody knows how much there will be. */
  step(number: number, what: string): void {
    this.#show(`[${number}] ${what}`)
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

  #show(line: string): void {
    if (this.#stream.isTTY === true) {
      this.#clearLine()
      this.#stream.write(line.slice(0, (this.#stream.columns ?? 80) - 1))
      this.#lineShown = true
    } else {
      this.#stream.write(`${line}\n`)
    }
  }

  #timeLeft({ trial, trials }: TrialIdentity): string {
    if (this.#ended === 0) return ''
    const each = (performance.now() - this.#startedAt) / this.#ended
    return `, ${duration((each * (trials - trial + 1)) / 1000)} left`
  }

  #clearLine(): void {
    // Erase in line and return to its beginning, ECMA-48.
    if (this.#lineShown) this.#stream.write('\u001b[2K\r')
    this.#lineShown = false
  }
}

/** As `1 min 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  const minutes = Math.floor(whole / 60)
  return minutes === 0 ? `${whole} s` : `${minutes} min ${whole % 60} s`
}
