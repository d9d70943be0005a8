import { URGENCIES } from './priority'
import type { Stream } from './stream'

/**
 * The streams that have DATA to send and whose windows are open: by urgency (RFC 9218), and in turn
 * among those of one urgency, so that large bodies share the connection.
 *
 * RFC 9218 section 10 lets a server send non-incremental responses one after the other instead. Most
 * clients say nothing, which means non-incremental, and then a large body would hold up all others.
 */
export class SendQueue {
  readonly #queues: (Stream[] | undefined)[] = []
  #length = 0

  /** How many streams there are. */
  get length(): number {
    return this.#length
  }

  /** Adds a stream behind those of its urgency, unless it is there already. */
  add(stream: Stream): void {
    if (stream.queued) return
    stream.queued = true
    const { urgency } = stream
    this.#queues[urgency] ??= []
    this.#queues[urgency].push(stream)
    this.#length++
  }

  /** Takes out the stream whose turn it is; undefined if there is none. */
  next(): Stream | undefined {
    if (this.#length === 0) return undefined
    for (let urgency = 0; urgency < URGENCIES; urgency++) {
      // As many as there are streams, 128 by default: shift is no worse than a ring.
      const stream = this.#queues[urgency]?.shift()
      if (stream === undefined) continue
      this.#length--
      stream.queued = false
      return stream
    }
    return undefined
  }

  /** The stream has another urgency now. */
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

  /** Takes a closed stream out. */
  remove(stream: Stream): void {
    if (!stream.queued) return
    const queue = this.#queues[stream.urgency]!
    queue.splice(queue.indexOf(stream), 1)
    this.#length--
    stream.queued = false
  }
}
