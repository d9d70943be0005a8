import { ClosedStreams } from './closed-streams'
import { SendQueue } from './send-queue'
import type { Stream } from './stream'
import type { StreamState } from './stream-state'

/** The streams of a connection: the open ones, and what has to be known of all others. */
export class StreamTable {
  /** Those that have DATA to send. */
  readonly sendQueue = new SendQueue()
  readonly #open = new Map<number, Stream>()
  readonly #closed = new ClosedStreams()
  #lastId = 0
  /** Kept beside the map: asking a map is two more objects to load. */
  #size = 0
  /**
   * Those whose handlers wait until output is taken, in their order. Made when there are any: on most connections no
   * request ever waits.
   */
  #waiting: Set<Stream> | undefined
  /** Urgencies that PRIORITY_UPDATE gave to streams before their requests came, by stream. */
  #earlyUrgencies: Map<number, number> | undefined

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

  /** The stream is open, but its handler has to wait until {@link nextWaiting} returns it. */
  addWaiting(stream: Stream): void {
    this.add(stream)
    this.#waiting ??= new Set()
    this.#waiting.add(stream)
  }

  /** Whether handlers wait. */
  get hasWaiting(): boolean {
    return this.#waiting !== undefined && this.#waiting.size > 0
  }

  /** Takes out the stream whose handler has waited longest; undefined if none waits. */
  nextWaiting(): Stream | undefined {
    const stream = this.#waiting?.values().next().value
    if (stream !== undefined) this.#waiting?.delete(stream)
    return stream
  }

  /** The stream is closed: nothing of it is kept, but how it ended. */
  remove(stream: Stream): void {
    if (stream.listed) {
      this.#open.delete(stream.id)
      this.#size--
      stream.listed = false
    }
    this.sendQueue.remove(stream)
    if (this.hasWaiting) this.#waiting!.delete(stream)
    stream.dropPending()
    if (stream.state === 'reset') this.#closed.addReset(stream.id)
  }

  /** An open stream is closed before request and response are complete. */
  drop(stream: Stream, event: 'receive RST_STREAM' | 'lose connection' | 'lose input'): void {
    if (stream.apply(event).kind !== 'next') return
    this.remove(stream)
    stream.abandon()
  }

  /** What comes on a stream that was never open, or is closed, is to be ignored. */
  addReset(streamId: number): void {
    this.#closed.addReset(streamId)
  }

  /**
   * Remembers the urgency of a stream whose request is still to come, RFC 9218 section 7.1.
   *
   * @param most for so many streams: as many as may be open, since those that come next are the first that are named
   */
  setEarlyUrgency(streamId: number, urgency: number, most: number): void {
    this.#earlyUrgencies ??= new Map()
    const urgencies = this.#earlyUrgencies
    if (urgencies.size >= most) {
      // Those of streams that were left out since.
      for (const id of urgencies.keys()) if (id <= this.#lastId) urgencies.delete(id)
    }
    if (urgencies.has(streamId) || urgencies.size < most) urgencies.set(streamId, urgency)
  }

  /** Returns the urgency that was remembered, if any, and forgets it. */
  takeEarlyUrgency(streamId: number): number | undefined {
    const urgency = this.#earlyUrgencies?.get(streamId)
    if (urgency !== undefined) this.#earlyUrgencies?.delete(streamId)
    return urgency
  }

  [Symbol.iterator](): Iterator<Stream> {
    return this.#open.values()
  }
}
