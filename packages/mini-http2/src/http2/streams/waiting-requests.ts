import type { Stream } from './stream'

/**
 * Requests whose handlers wait until output is taken, in their order. One that its client gives up in the meantime
 * leaves at once, so there are no more than streams may be open.
 */
export class WaitingRequests {
  readonly #streams = new Set<Stream>()

  add(stream: Stream): void {
    this.#streams.add(stream)
    stream.waits = true
  }

  /** The stream is closed. */
  remove(stream: Stream): void {
    this.#streams.delete(stream)
    stream.waits = false
  }

  /** Takes the first one out; undefined if there is none. */
  next(): Stream | undefined {
    const stream = this.#streams.values().next().value
    if (stream !== undefined) this.remove(stream)
    return stream
  }
}
