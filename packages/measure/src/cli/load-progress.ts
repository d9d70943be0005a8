import { latencyOf } from '../load/merge-tallies'
import type { Tally } from '../load/tally'
import { formatCount, formatNumber, formatTime } from '../summary/numbers'
import { type ProgressStream, StatusLine } from './status-line'

/** Shows the progress of a load: on a terminal a line that changes, otherwise nothing. */
export class LoadProgress {
  readonly #line: StatusLine

  constructor(stream: ProgressStream) {
    this.#line = new StatusLine(stream)
  }

  /** Shows the current stage before there are figures. */
  stage(text: string): void {
    this.#line.show(text)
  }

  /** Returns a function to call with the tally since its last call. */
  follow(stage: string): (since: Tally) => void {
    const startedAt = performance.now()
    let toldAt = startedAt
    this.stage(stage)
    return (since) => {
      const now = performance.now()
      const seconds = (now - toldAt) / 1000
      toldAt = now
      this.#line.show(`${stage}: ${progressText(since, (now - startedAt) / 1000, seconds)}`)
    }
  }

  /** Prints a permanent line. */
  note(text: string): void {
    this.#line.note(text)
  }

  /** Ends the progress display. */
  end(): void {
    this.#line.clear()
  }
}

/** Such as `3 s, 51,200 req/s, p50 1.20 ms, p99 3.40 ms, 0 errors`. */
function progressText(tally: Tally, time: number, seconds: number): string {
  const { p50, p99 } = latencyOf(tally)
  const answers = tally.succeeded + tally.failed
  const errors = tally.failed + tally.errored + tally.unanswered
  return [
    `${Math.round(time)} s`,
    `${formatNumber(answers / seconds, 3)} req/s`,
    `p50 ${p50 === null ? '-' : formatTime(p50)}`,
    `p99 ${p99 === null ? '-' : formatTime(p99)}`,
    `${formatCount(errors)} errors`,
  ].join(', ')
}
