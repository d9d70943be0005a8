import { ClosedStreams } from './closed-streams'
import type { Stream } from './stream'
import type { StreamState } from './stream-state'

/** The streams of a connection: the open ones, and what has to be known of all others. */
export class StreamTable {
  readonly #open = new Map<number, Stream>()
  readonly #closed = new ClosedStreams()
  #lastId = 0
  /** Kept beside the map: asking a map is two more objects to load. */
  #size = 0

  /** The highest identifier that the client has used. */
  get lastId(): number {
    return this.#lastId
  }

  /** How many streams are open or half-closed. */
  get size(): number {
    return this.#size
  }

  /** Returns an open or half-closed stream. */
  get(streamId: number): Stream | undefined {
    return this.#open.get(streamId)
  }

  /**
   * Tells whether a stream has never been used, nor a later one. Those with even identifiers would be
   * the server's, RFC 9113 section 5.1.1, and it opens none.
   */
  isIdle(streamId: number): boolean {
    return streamId > this.#lastId || streamId % 2 === 0
  }

  /** Returns the state of any stream. */
  stateOf(streamId: number): StreamState {
    if (this.isIdle(streamId)) return 'idle'
    return this.#open.get(streamId)?.state ?? this.#closed.stateOf(streamId)
  }

  /** The client uses an identifier for the first time, higher than all before. */
  use(streamId: number): void {
    if (streamId > this.#lastId + 2) {
      // After stream 0, which isn't one, 1 comes first.
      this.#closed.addGap(this.#lastId === 0 ? 1 : this.#lastId + 2, streamId - 2)
    }
    this.#lastId = streamId
  }

  /** The stream is open, and wasn't answered at once. */
  add(stream: Stream): void {
    stream.listed = true
    this.#open.set(stream.id, stream)
    this.#size++
  }

  /** The stream is closed. */
  remove(stream: Stream): void {
    if (stream.listed) {
      this.#open.delete(stream.id)
      this.#size--
      stream.listed = false
    }
    if (stream.state === 'reset') this.#closed.addReset(stream.id)
  }

  /** A stream was reset without ever having been open: it was refused. */
  addReset(streamId: number): void {
    this.#closed.addReset(streamId)
  }

  [Symbol.iterator](): Iterator<Stream> {
    return this.#open.values()
  }
}
