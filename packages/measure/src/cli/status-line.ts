import type { WriteStream } from 'node:tty'

/** Where progress goes: a terminal, or anything else that takes lines. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** One line at the bottom of a terminal that changes. */
export class StatusLine {
  readonly #stream: ProgressStream
  #state: 'shown' | 'clear' = 'clear'

  constructor(stream: ProgressStream) {
    this.#stream = stream
  }

  /** Whether there is a terminal to show it on. */
  get isPossible(): boolean {
    return this.#stream.isTTY === true
  }

  /** Replaces the line; elsewhere than on a terminal nothing is shown. What has no room is cut off. */
  show(text: string): void {
    if (!this.isPossible) return
    this.clear()
    this.#stream.write(text.slice(0, (this.#stream.columns ?? 80) - 1))
    this.#state = 'shown'
  }

  /** Writes a line that stays. */
  note(text: string): void {
    this.clear()
    this.#stream.write(`${text}\n`)
  }

  clear(): void {
    // Erase in line and return to its beginning, ECMA-48.
    if (this.#state === 'shown') this.#stream.write('\u001b[2K\r')
    this.#state = 'clear'
  }
}
