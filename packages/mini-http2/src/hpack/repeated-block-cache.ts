import type { OctetVector } from '@h2lab/octets'

/** How many blocks are remembered. More alternating requests are not worth optimising. */
const CAPACITY = 4

/**
 * The longest block that is remembered, in octets: some thirty indexed fields and a path. Together
 * with {@link CAPACITY} it bounds the memory of a connection.
 */
const LONGEST_BLOCK = 128

interface Entry<Value> {
  readonly octets: OctetVector
  readonly value: Value
}

/**
 * Caches the results of decoding the last few short header blocks. Once their fields are in the
 * dynamic table, clients repeat blocks octet for octet. Comparing a few octets is much cheaper than
 * decoding and validating them. Benchmark: bench/hpack.bench.mjs, "in the cache".
 *
 * A block means the same only as long as the dynamic table does. When the decoder's generation changes, all blocks are
 * forgotten, so that a connection keeps no fields that its table has dropped. Nothing is allocated before the first
 * block, nor when one is found.
 */
export class RepeatedBlockCache<Value> {
  #entries: Entry<Value>[] | undefined
  /** The decoder's, for all entries. */
  #generation = 0
  /** The entry that was found or made last: most clients ask for the same again and again. */
  #last: Entry<Value> | undefined
  /** The index of the entry that is replaced next. */
  #next = 0

  /**
   * Looks up a block.
   *
   * @param octets contains the block from `start` to `end` (exclusive)
   * @param generation the current generation of the decoder
   * @returns undefined if the block isn't cached
   */
  get(octets: OctetVector, start: number, end: number, generation: number): Value | undefined {
    const last = this.#last
    if (last === undefined) return undefined
    if (this.#generation !== generation) {
      this.#clear()
      return undefined
    }
    if (isAt(last.octets, octets, start, end)) return last.value
    for (const entry of this.#entries ?? []) {
      if (isAt(entry.octets, octets, start, end)) {
        this.#last = entry
        return entry.value
      }
    }
    return undefined
  }

  /**
   * Adds a block, unless it is too long. Decoding the block must not have changed the decoder's
   * generation.
   *
   * @param octets contains the block from `start` to `end` (exclusive); copied
   * @param generation the decoder's generation, before and after it decoded the block
   * @param value the result
   */
  set(octets: OctetVector, start: number, end: number, generation: number, value: Value): void {
    if (end - start > LONGEST_BLOCK) return
    // Not `octets.slice`, which doesn't copy a Buffer.
    const copy = new Uint8Array(octets.subarray(start, end))
    if (this.#generation !== generation) this.#clear()
    this.#generation = generation
    this.#entries ??= []
    this.#last = { octets: copy, value }
    this.#entries[this.#next] = this.#last
    this.#next = (this.#next + 1) % CAPACITY
  }

  #clear(): void {
    this.#entries = undefined
    this.#last = undefined
    this.#next = 0
  }
}

/** Compares a block with the octets from `start` to `end` (exclusive). */
function isAt(block: OctetVector, octets: OctetVector, start: number, end: number): boolean {
  if (block.length !== end - start) return false
  for (let index = 0; index < block.length; index++) {
    if (block[index] !== octets[start + index]) return false
  }
  return true
}
