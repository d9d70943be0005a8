import { type SharedMemoryUse, SharedUse } from './shared-use'

/** What an idle connection takes at least, in bytes: `npm run bench` (http2-idle) has 32 KiB with TLS. */
const IDLE_CONNECTION = 32_768

/** What an open stream takes besides its request, in bytes: the objects for its two sides, and the handler's. */
export const STREAM_MEMORY = 2048

/** The entry of a list, and the pointers to it. */
const FIELD_MEMORY = 64

/** Huffman code is shorter than the text by this factor at most. */
const HUFFMAN_FACTOR = 8 / 5

/** A server is short of memory beyond this part of what it may use. */
const SHORT = 3 / 4

/** Beyond this part, a new connection only gets in if another makes room. */
const NEAR = 7 / 8

/** While the server is short, connections that hold no more than this are served as always. */
const FAIR_SHARE = 65_536

/**
 * What a decoded header list takes, in bytes. Fields from the dynamic table are shared, and the table bounds them: they
 * count once for each list.
 *
 * @param octets of the header block
 * @param tableSize of the dynamic table, in octets
 */
export function listMemory(octets: number, fields: number, tableSize: number): number {
  return Math.ceil(HUFFMAN_FACTOR * octets) + FIELD_MEMORY * fields + tableSize
}

const NOTHING = { sum: 0, most: 0 }

/** Who ends when the server has too little memory. */
export interface MemoryHolder {
  /** In bytes. */
  readonly total: number
  /** Ends, and gives back what it holds. */
  endForMemory(): void
  /** Memory is no longer short. */
  onRoom(): void
}

/** What all connections of a server hold, or those of one of its threads. */
export class ServerMemory {
  readonly #most: number
  readonly #short: number
  readonly #holders = new Set<MemoryHolder>()
  /** How many octets wait to be sent from a piece of memory: the same octets may wait several times. */
  readonly #waiting = new Map<ArrayBufferLike, number>()
  readonly #shared: SharedUse | undefined
  #used = 0
  /** What the other threads know that this one holds. */
  #published = 0
  /** What the server's other threads held when it was last looked at. */
  #others = NOTHING
  #wasShort = false

  /**
   * @param most in bytes, for all threads of the server; Infinity: any
   * @param shared with the other threads, if there are any
   */
  constructor(most: number, shared?: SharedMemoryUse) {
    this.#most = most
    this.#short = most * SHORT
    this.#shared = shared && new SharedUse(shared)
  }

  /** In bytes. */
  get used(): number {
    return this.#used
  }

  get isShort(): boolean {
    return this.#used + this.#others.sum > this.#short
  }

  enter(holder: MemoryHolder): void {
    this.#holders.add(holder)
    this.#used += IDLE_CONNECTION
  }

  leave(holder: MemoryHolder): void {
    if (this.#holders.delete(holder)) this.#used -= IDLE_CONNECTION
  }

  add(octets: number): void {
    this.#used += octets
  }

  release(octets: number): void {
    this.#used -= octets
  }

  /** Octets of a body wait to be sent. What several clients are sent from the same memory counts once. */
  addWaiting({ buffer, length }: Uint8Array): void {
    this.#changeWaiting(buffer, length)
  }

  /** They were sent, or will not be. */
  releaseWaiting({ buffer, length }: Uint8Array): void {
    this.#changeWaiting(buffer, -length)
  }

  #changeWaiting(buffer: ArrayBufferLike, difference: number): void {
    const before = this.#waiting.get(buffer) ?? 0
    const now = before + difference
    if (now === 0) this.#waiting.delete(buffer)
    else this.#waiting.set(buffer, now)
    const size = buffer.byteLength
    this.#used += Math.min(now, size) - Math.min(before, size)
  }

  /**
   * Tells whether there is memory for one more connection. If not, those that hold most make room, unless none holds more
   * than its share.
   */
  admits(): boolean {
    this.#look()
    while (this.#used + this.#others.sum + IDLE_CONNECTION > this.#most * NEAR) {
      const largest = this.#largest()
      if (largest === undefined || largest.total <= FAIR_SHARE) return false
      this.#end(largest)
    }
    return true
  }

  /**
   * Ends the connections that hold most, as long as there is too little memory, and lets the others go on when there is
   * enough again. Called when a connection has done its work, so that none ends in the middle of it.
   */
  balance(): void {
    if (this.#shared !== undefined) this.#look()
    // The thread that holds most makes room.
    while (this.#used + this.#others.sum > this.#most && this.#used >= this.#others.most) {
      const largest = this.#largest()
      if (largest === undefined) break
      this.#end(largest)
    }
    const { isShort } = this
    if (this.#wasShort && !isShort) for (const holder of [...this.#holders]) holder.onRoom()
    this.#wasShort = isShort
  }

  /** Same, if other threads may have changed what there is. */
  tick(): void {
    if (this.#shared !== undefined) this.balance()
  }

  /** Tells the other threads what this one holds, and learns what they hold. */
  #look(): void {
    const shared = this.#shared
    if (shared === undefined || (this.#used <= FAIR_SHARE && this.#published <= FAIR_SHARE)) return
    shared.publish(this.#used)
    this.#published = this.#used
    this.#others = shared.others()
  }

  #end(holder: MemoryHolder): void {
    this.leave(holder)
    holder.endForMemory()
  }

  #largest(): MemoryHolder | undefined {
    let largest: MemoryHolder | undefined
    for (const holder of this.#holders) {
      if (largest === undefined || holder.total > largest.total) largest = holder
    }
    return largest
  }
}

/**
 * What a connection's client makes the server hold: bodies that nobody has read, header lists of open streams, parts of
 * header blocks and output. The bodies of responses count for the server, as memory that several clients may share.
 */
export class ConnectionMemory {
  readonly #server: ServerMemory
  readonly #most: number
  /** What the connection's own limit bounds. */
  #held = 0
  #output = 0
  #responses = 0

  /** @param most in bytes */
  constructor(server: ServerMemory, most: number) {
    this.#server = server
    this.#most = most
  }

  /** All of it, in bytes. */
  get total(): number {
    return this.#held + this.#output + this.#responses
  }

  /** Whether bodies of responses wait. */
  get holdsResponses(): boolean {
    return this.#responses > 0
  }

  /** Whether the client may make the server hold nothing more. */
  get isFull(): boolean {
    return this.#held >= this.#most || (this.#server.isShort && this.total > FAIR_SHARE)
  }

  /** Whether there is room for what the client may send in a window of this size, in octets. */
  hasRoomFor(window: number): boolean {
    return !this.isFull && this.#held + window <= Math.max(this.#most, window)
  }

  add(octets: number): void {
    this.#held += octets
    this.#server.add(octets)
  }

  release(octets: number): void {
    this.#held -= octets
    this.#server.release(octets)
  }

  /** So much output waits now, in octets. */
  setOutput(octets: number): void {
    if (octets === this.#output) return
    this.#server.add(octets - this.#output)
    this.#output = octets
  }

  /** A part of a response's body waits. */
  addResponse(octets: Uint8Array): void {
    this.#responses += octets.length
    this.#server.addWaiting(octets)
  }

  releaseResponse(octets: Uint8Array): void {
    this.#responses -= octets.length
    this.#server.releaseWaiting(octets)
  }
}
