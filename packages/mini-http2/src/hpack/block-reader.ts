import type { OctetVector } from '@h2lab/octets'
import { HpackError } from './hpack-error'
import { MAX_CONTINUATION_OCTETS, MAX_INTEGER } from './integer'

const NO_OCTETS: OctetVector = new Uint8Array(0)

/** A position in a header block that is being decoded. Each decoder has one and reuses it. */
export class BlockReader {
  octets: OctetVector = NO_OCTETS
  /** Offset of the next octet. */
  offset = 0
  /** Offset of the end of the block. */
  end = 0

  /** Whether the next representation is a dynamic table size update, RFC 7541 section 6.3. */
  get isAtSizeUpdate(): boolean {
    return this.offset < this.end && (this.octets[this.offset]! & 0xe0) === 0x20
  }

  /** Releases the octets, which were borrowed. */
  release(): void {
    this.octets = NO_OCTETS
  }

  /**
   * Reads an integer, RFC 7541 section 5.1.
   *
   * @param prefix 1 to 8, the bits of the first octet that belong to the integer. The first octet
   *   must be available
   * @throws HpackError if the block ends before the integer does, or the integer is out of range
   */
  readInteger(prefix: number): number {
    const mask = (1 << prefix) - 1
    const value = this.octets[this.offset++]! & mask
    return value < mask ? value : this.#readContinuation(mask)
  }

  #readContinuation(mask: number): number {
    let value = mask
    let weight = 1
    for (let count = 0; count < MAX_CONTINUATION_OCTETS; count++) {
      if (this.offset >= this.end) throw truncated('an integer')
      const octet = this.octets[this.offset++]!
      // Not a shift: the sum may have 35 bits.
      value += (octet & 0x7f) * weight
      if (octet < 0x80) {
        if (value > MAX_INTEGER) break
        return value
      }
      weight *= 0x80
    }
    throw new HpackError(
      'HPACK_INTEGER_OVERFLOW',
      `An integer in a header block is above ${MAX_INTEGER}, or has more than ${MAX_CONTINUATION_OCTETS} octets after its prefix.`,
    )
  }
}

/** The error of a block that ends too early. */
export function truncated(what: string): HpackError {
  return new HpackError('HPACK_TRUNCATED', `The header block ends inside ${what}.`)
}
