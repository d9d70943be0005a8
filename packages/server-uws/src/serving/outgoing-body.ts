import type { UwsHttpResponse } from '../library/uws-library'

/** What {@link OutgoingBody} tells its owner. */
export interface OutgoingBodyEvents {
  /** The socket takes more again. */
  onProgress(): void
  /** All was sent: the response is complete, and its socket can't be used any more. */
  onDone(): void
}

/**
 * Octets that are given to the library at once where it keeps what the socket doesn't take: in a
 * chunked body. Less than a socket has room for when it says that it is writable, so that what the
 * library keeps doesn't grow.
 */
const PIECE_LENGTH = 16_384

/**
 * A response's body on its way to the socket: a queue of what the socket hasn't taken. The library
 * is given no more than that takes.
 */
export class OutgoingBody {
  readonly #socket: UwsHttpResponse
  /** What `content-length` says; undefined: chunked. */
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

  /** Whether the client takes what comes. */
  get keepsUp(): boolean {
    return !this.#stalled
  }

  add(octets: Uint8Array): void {
    // An empty chunk would be the last one.
    if (octets.length > 0) this.#queue.push(octets)
  }

  /** Nothing more will be added. */
  complete(): void {
    this.#state = 'complete'
  }

  /** Sends what the socket takes, and the rest when it takes more. */
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
    // What hasn't ended by its length: a chunked body, or none at all.
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
