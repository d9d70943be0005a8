import type { UwsHttpResponse } from '../library/uws-library'

/** What {@link OutgoingBody} reports to its owner. */
export interface OutgoingBodyEvents {
  /** The socket accepts output again. */
  onProgress(): void
  /** Everything was sent. The response is complete, and its socket can't be used any more. */
  onDone(): void
}

/**
 * How many octets of a chunked body are passed to the library at once. It buffers what the socket does not accept. A
 * writable socket has room for more than this, so the buffer does not grow.
 */
const PIECE_LENGTH = 16_384

/**
 * A response's body on its way to the socket: a queue of what the socket has not accepted. The library is only given
 * what the socket accepts.
 */
export class OutgoingBody {
  readonly #socket: UwsHttpResponse
  /** The value of `content-length`; undefined if chunked. */
  readonly #length: number | undefined
  readonly #events: OutgoingBodyEvents
  readonly #queue: Uint8Array[] = []
  #state: 'open' | 'complete' | 'done' = 'open'
  #stalled = false
  #listens = false

  constructor(socket: UwsHttpResponse, length: number | undefined, events: OutgoingBodyEvents) {
    this.#socket = socket
    this.#length = length
    this.#events = events
  }

  /** Whether the client keeps up. */
  get keepsUp(): boolean {
    return !this.#stalled
  }

  add(octets: Uint8Array): void {
    // An empty chunk would end the body.
    if (octets.length > 0) this.#queue.push(octets)
  }

  /** Ends the body. */
  complete(): void {
    this.#state = 'complete'
  }

  /** Sends what the socket accepts, and the rest when it accepts more. */
  send(): void {
    if (!this.#stalled) this.#sendQueue()
  }

  #sendQueue(): void {
    for (let octets = this.#queue.shift(); octets !== undefined; octets = this.#queue.shift()) {
      if (this.#length === undefined) this.#sendPiece(octets)
      else this.#sendOf(octets, this.#length)
      if (this.#stalled || this.#state === 'done') return
    }
    if (this.#state !== 'complete') return
    // Needed if the length has not ended the response: with a chunked body or without a body.
    this.#socket.end()
    this.#done()
  }

  #sendPiece(octets: Uint8Array): void {
    if (octets.length > PIECE_LENGTH) this.#queue.unshift(octets.subarray(PIECE_LENGTH))
    if (!this.#socket.write(octets.subarray(0, PIECE_LENGTH))) this.#stall()
  }

  #sendOf(octets: Uint8Array, length: number): void {
    const before = this.#socket.getWriteOffset()
    const [taken, done] = this.#socket.tryEnd(octets, length)
    if (done) {
      this.#done()
    } else if (!taken) {
      const rest = octets.subarray(this.#socket.getWriteOffset() - before)
      if (rest.length > 0) this.#queue.unshift(rest)
      this.#stall()
    }
  }

  #stall(): void {
    this.#stalled = true
    if (this.#listens) return
    this.#listens = true
    this.#socket.onWritable(() => {
      this.#stalled = false
      this.#sendQueue()
      if (!this.#stalled) this.#events.onProgress()
      return !this.#stalled
    })
  }

  #done(): void {
    this.#state = 'done'
    this.#events.onDone()
  }
}
