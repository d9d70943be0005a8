import { type ConnectionMemory, STREAM_MEMORY } from '../limits/memory'
import { ClosedStreams } from './closed-streams'
import { SendQueue } from './send-queue'
import type { Stream } from './stream'
import type { StreamState } from './stream-state'

/** The streams of a connection: the open ones, and the state of all others. */
export class StreamTable {
  /** The streams that have DATA to send. */
  readonly sendQueue = new SendQueue()
  readonly #memory: ConnectionMemory
  readonly #open = new Map<number, Stream>()
  readonly #closed = new ClosedStreams()
  #lastId = 0
  /** Stored separately: asking the Map would load two more objects. */
  #size = 0
  /** The same with handlers that still run for streams that ended before they had answered. */
  #taken = 0
  /**
   * The streams whose handlers wait until output is taken, in order. Created on demand: on most
   * connections no request ever waits.
   */
  #waiting: Set<Stream> | undefined
  /** Urgencies that PRIORITY_UPDATE has set before the request arrived, by stream. */
  #earlyUrgencies: Map<number, number> | undefined

  /** The highest stream identifier that the client has used. */
  /** @param memory counts what the open streams hold */
  constructor(memory: ConnectionMemory) {
    this.#memory = memory
  }

  get lastId(): number {
    return this.#lastId
  }

  /** The number of open or half-closed streams. */
  get size(): number {
    return this.#size
  }

  /**
   * How many of the streams that a client may have open are taken: by those that are open, and by handlers that still
   * run for streams that ended before they had answered. Otherwise a client could have any number of them.
   */
  get taken(): number {
    return this.#taken
  }

  /**
   * Whether the client may open another.
   *
   * @param most how many streams a client may have open
   */
  hasRoom(most: number): boolean {
    return this.#taken < most && !this.#memory.isFull
  }

  /** Returns an open or half-closed stream. */
  get(streamId: number): Stream | undefined {
    return this.#open.get(streamId)
  }

  /**
   * Returns whether neither the stream nor a later one has been used. Even identifiers belong to
   * the server, which opens no streams: RFC 9113 section 5.1.1.
   */
  isIdle(streamId: number): boolean {
    return streamId > this.#lastId || streamId % 2 === 0
  }

  /** Returns the state of any stream. */
  stateOf(streamId: number): StreamState {
    if (this.isIdle(streamId)) return 'idle'
    return this.#open.get(streamId)?.state ?? this.#closed.stateOf(streamId)
  }

  /** The client uses an identifier for the first time. It must be higher than all before. */
  use(streamId: number): void {
    if (streamId > this.#lastId + 2) {
      // The first stream is 1; stream 0 is the connection.
      this.#closed.addGap(this.#lastId === 0 ? 1 : this.#lastId + 2, streamId - 2)
    }
    this.#lastId = streamId
  }

  /** Adds an open stream that wasn't answered immediately. */
  add(stream: Stream): void {
    stream.listed = true
    this.hold(stream, STREAM_MEMORY + stream.request.memory)
    this.#open.set(stream.id, stream)
    this.#size++
    this.#taken++
  }

  /** An open stream makes us hold more, in bytes: until it gives it back, or ends. */
  hold(stream: Stream, count: number): void {
    stream.held += count
    this.#memory.add(count)
  }

  /** A stream no longer makes us hold so much, unless nothing of it counts any more. */
  giveBack(stream: Stream, count: number): void {
    if (stream.held === 0) return
    stream.held -= count
    this.#memory.release(count)
  }

  /** Adds an open stream whose handler must wait until {@link nextWaiting} returns it. */
  addWaiting(stream: Stream): void {
    this.add(stream)
    this.#waiting ??= new Set()
    this.#waiting.add(stream)
  }

  /** Whether handlers wait. */
  get hasWaiting(): boolean {
    return this.#waiting !== undefined && this.#waiting.size > 0
  }

  /**
   * Removes and returns the stream whose handler has waited longest; undefined if there is none.
   */
  nextWaiting(): Stream | undefined {
    const stream = this.#waiting?.values().next().value
    if (stream !== undefined) this.#waiting?.delete(stream)
    return stream
  }

  /** Removes a closed stream. Only the way it ended is remembered. */
  remove(stream: Stream): void {
    if (stream.listed) this.#unlist(stream)
    this.sendQueue.remove(stream)
    if (this.hasWaiting) this.#waiting!.delete(stream)
    stream.dropPending()
    if (stream.state === 'reset') this.#closed.addReset(stream.id)
  }

  #unlist(stream: Stream): void {
    stream.listed = false
    this.#open.delete(stream.id)
    this.#size--
    if (!stream.isHandled || stream.response.ended) {
      this.#taken--
      this.#release(stream)
      return
    }
    // Its handler still runs, and may use the request.
    stream.onHandlerEnd(() => {
      this.#taken--
      this.#release(stream)
    })
  }

  #release(stream: Stream): void {
    this.#memory.release(stream.held)
    stream.held = 0
  }

  /** Closes an open stream before request and response are complete. */
  drop(stream: Stream, event: 'receive RST_STREAM' | 'lose connection' | 'lose input'): void {
    if (stream.apply(event).kind !== 'next') return
    this.remove(stream)
    stream.abandon()
  }

  /** Frames on this stream, which was never open or is closed, are ignored from now on. */
  addReset(streamId: number): void {
    this.#closed.addReset(streamId)
  }

  /**
   * Remembers the urgency of a stream whose request has not arrived yet, RFC 9218 section 7.1.
   *
   * @param most how many streams to remember: as many as may be open, because those that were named
   *   first usually arrive first
   */
  setEarlyUrgency(streamId: number, urgency: number, most: number): void {
    this.#earlyUrgencies ??= new Map()
    const urgencies = this.#earlyUrgencies
    if (urgencies.size >= most) {
      // Removes streams that were skipped since.
      for (const id of urgencies.keys()) if (id <= this.#lastId) urgencies.delete(id)
    }
    if (urgencies.has(streamId) || urgencies.size < most) urgencies.set(streamId, urgency)
  }

  /** Returns and removes the remembered urgency, if any. */
  takeEarlyUrgency(streamId: number): number | undefined {
    const urgency = this.#earlyUrgencies?.get(streamId)
    if (urgency !== undefined) this.#earlyUrgencies?.delete(streamId)
    return urgency
  }

  [Symbol.iterator](): Iterator<Stream> {
    return this.#open.values()
  }
}
