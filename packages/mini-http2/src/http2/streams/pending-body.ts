import type { OctetVector } from '@h2lab/octets'
import type { FieldList } from '../../message/fields'
import type { ConnectionMemory } from '../limits/memory'

/** What follows the last octet of a response's body. */
export type BodyEnd =
  /** Not known yet. */
  'open' | 'end' | { readonly trailers: FieldList }

/** The parts of a body that wait for the client's windows, first in, first out. */
export class PendingBody {
  /** When it began to wait, in milliseconds. */
  readonly since: number
  readonly #memory: ConnectionMemory
  #chunks: OctetVector[] = []
  #first = 0
  /** How much of the first chunk was sent, in octets. */
  #offset = 0
  #length = 0
  #end: BodyEnd = 'open'

  /**
   * @param memory counts what waits
   * @param now in milliseconds
   */
  constructor(memory: ConnectionMemory, now: number) {
    this.#memory = memory
    this.since = now
  }

  /** What follows the last octet. */
  get end(): BodyEnd {
    return this.#end
  }

  /** How many octets are waiting. */
  get length(): number {
    return this.#length
  }

  /** Adds a chunk, which is not copied, and sets what follows it. */
  push(octets: OctetVector, end: BodyEnd): void {
    this.#end = end
    if (octets.length === 0) return
    this.#chunks.push(octets)
    this.#length += octets.length
    this.#memory.addResponse(octets)
  }

  /** Nothing of it will be sent any more. */
  clear(): void {
    for (const chunk of this.#chunks.slice(this.#first)) this.#memory.releaseResponse(chunk)
    this.#chunks = []
    this.#first = 0
    this.#length = 0
  }

  /**
   * Moves octets from the front of the queue.
   *
   * @param target must have room for `count` octets at `offset`
   * @param count at most {@link length}
   */
  moveTo(target: OctetVector, offset: number, count: number): void {
    let to = offset
    let left = count
    while (left > 0) {
      const chunk = this.#chunks[this.#first]!
      const step = Math.min(left, chunk.length - this.#offset)
      target.set(chunk.subarray(this.#offset, this.#offset + step), to)
      to += step
      left -= step
      this.#offset += step
      if (this.#offset === chunk.length) this.#dropFirst()
    }
    this.#length -= count
  }

  #dropFirst(): void {
    this.#memory.releaseResponse(this.#chunks[this.#first]!)
    this.#first++
    this.#offset = 0
    if (this.#first === this.#chunks.length) {
      this.#chunks = []
      this.#first = 0
    } else if (this.#first > 32) {
      // Amortised: sent chunks are released in groups.
      this.#chunks.splice(0, this.#first)
      this.#first = 0
    }
  }
}
