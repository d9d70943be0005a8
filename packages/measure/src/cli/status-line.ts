import type { WriteStream } from 'node:tty'

/** Where progress is shown: a terminal, or any other stream of lines. */
export type ProgressStream = Pick<NodeJS.WriteStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns'>>

/** A line at the bottom of a terminal that changes. */
export class StatusLine {
  readonly #stream: ProgressStream
  #state: 'shown' | 'clear' = 'clear'

  constructor(stream: ProgressStream) {
    this.#stream = stream
  }

  /** Whether there is a terminal. */
  get isPossible(): boolean {
    return this.#stream.isTTY === true
  }

  /** Replaces the line, cut off at the width of the terminal. Does nothing without a terminal. */
  show(text: string): void {
    if (!this.isPossible) return
    this.clear()
    this.#stream.write(text.slice(0, (this.#stream.columns ?? 80) - 1))
    this.#state = 'shown'
  }

  /** Writes a permanent line. */
  note(text: string): void {
    this.clear()
    this.#stream.write(`${text}\n`)
  }

  clear(): void {
    // Erase the line and return to its beginning, ECMA-48.
    if (this.#state === 'shown') this.#stream.write('\u001b[2K\r')
    this.#state = 'clear'
  }
}
