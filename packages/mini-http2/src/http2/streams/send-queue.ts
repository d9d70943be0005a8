import { URGENCIES } from './priority'
import type { Stream } from './stream'

/**
 * The streams that have DATA to send and an open window: ordered by urgency (RFC 9218), and
 * round-robin within one urgency, so that large bodies share the connection.
 *
 * RFC 9218 section 10 would also allow sending non-incremental responses one after the other. But
 * most clients specify nothing, which means non-incremental, and a large body would then block all
 * others.
 */
export class SendQueue {
  readonly #queues: (Stream[] | undefined)[] = []
  #length = 0

  /** The number of streams. */
  get length(): number {
    return this.#length
  }

  /** Adds a stream to the end of its urgency, unless it is queued already. */
  add(stream: Stream): void {
    if (stream.queued) return
    stream.queued = true
    const { urgency } = stream
    this.#queues[urgency] ??= []
    this.#queues[urgency].push(stream)
    this.#length++
  }

  /** Removes and returns the next stream; undefined if there is none. */
  next(): Stream | undefined {
    if (this.#length === 0) return undefined
    for (let urgency = 0; urgency < URGENCIES; urgency++) {
      // At most one entry per open stream, 128 by default: shift is no slower than a ring buffer.
      const stream = this.#queues[urgency]?.shift()
      if (stream === undefined) continue
      this.#length--
      stream.queued = false
      return stream
    }
    return undefined
  }

  /** Changes the urgency of a stream. */
  reprioritise(stream: Stream, urgency: number): void {
    const before = stream.urgency
    stream.changeUrgency(urgency)
    if (!stream.queued || before === urgency) return
    const queue = this.#queues[before]!
    queue.splice(queue.indexOf(stream), 1)
    this.#length--
    stream.queued = false
    this.add(stream)
  }

  /** Removes a closed stream. */
  remove(stream: Stream): void {
    if (!stream.queued) return
    const queue = this.#queues[stream.urgency]!
    queue.splice(queue.indexOf(stream), 1)
    this.#length--
    stream.queued = false
  }
}
