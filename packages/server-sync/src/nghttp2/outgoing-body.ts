import type { OctetVector } from '@h2lab/octets'
import type { Address } from '@h2lab/tls-context/native'
import { DEFERRED } from './callbacks'
import { nghttp2 } from './library'

/** NGHTTP2_DATA_FLAG_EOF, as the `uint32_t` to be written: nothing follows. */
const END = Buffer.from(Uint32Array.of(0x01).buffer)
/** With NGHTTP2_DATA_FLAG_NO_END_STREAM: trailers follow. */
const END_BEFORE_TRAILERS = Buffer.from(Uint32Array.of(0x01 | 0x02).buffer)

/** The body of a response, from which nghttp2 takes as much as the client's windows allow. */
export class OutgoingBody {
  /** The octets waiting to be sent. The next one is at {@link #offset} of the first chunk. */
  readonly #chunks: OctetVector[] = []
  #offset = 0
  #length = 0
  #state: 'open' | 'complete' | 'complete, then trailers' = 'open'

  /** The number of octets waiting to be sent. */
  get length(): number {
    return this.#length
  }

  /** Adds octets, which are kept until they are sent. */
  add(octets: OctetVector): void {
    if (octets.length === 0) return
    this.#chunks.push(octets)
    this.#length += octets.length
  }

  /** Ends the body. */
  complete(followedBy: 'nothing' | 'trailers'): void {
    this.#state = followedBy === 'nothing' ? 'complete' : 'complete, then trailers'
  }

  /**
   * Writes the next octets to memory of nghttp2.
   *
   * @param target room for `room` octets
   * @param flags the address of the `uint32_t` that marks the last octets
   * @returns the number of octets written, or {@link DEFERRED}
   */
  read(target: Address, room: number, flags: Address): number {
    if (this.#length === 0 && this.#state === 'open') return DEFERRED
    let written = 0
    while (written < room && this.#length > 0) {
      written += this.#readChunk(written === 0 ? target : target + written, room - written)
    }
    if (this.#length === 0 && this.#state !== 'open') {
      const end = this.#state === 'complete' ? END : END_BEFORE_TRAILERS
      nghttp2().memcpy(flags, end, end.length)
    }
    return written
  }

  #readChunk(target: Address, room: number): number {
    const chunk = this.#chunks[0]!
    const count = Math.min(room, chunk.length - this.#offset)
    const octets = this.#offset === 0 ? chunk : chunk.subarray(this.#offset)
    nghttp2().memcpy(target, octets, count)
    this.#offset += count
    this.#length -= count
    if (this.#offset === chunk.length) {
      this.#chunks.shift()
      this.#offset = 0
    }
    return count
  }
}
