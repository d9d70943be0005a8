import type { OctetVector } from '@h2lab/octets'

/** How many blocks are remembered: a client with more different requests at a time is no hot path. */
const CAPACITY = 4

/**
 * The longest block that is remembered, in octets: some thirty indexed fields and a path. With
 * {@link CAPACITY} it bounds what a connection keeps.
 */
const LONGEST_BLOCK = 128

interface Entry<Value> {
  octets: OctetVector
  generation: number
  value: Value
}

/**
 * Remembers what the last few short header blocks were decoded to. Clients repeat blocks octet for
 * octet, once their fields are in the dynamic table, and comparing a few octets is much cheaper
 * than to decode them and to check what they say. Benchmark: bench/hpack.bench.mjs, "in the cache".
 *
 * A block means the same only as long as the dynamic table does, so with each goes the decoder's
 * generation. Nothing is allocated before the first block, nor when one is found.
 */
export class RepeatedBlockCache<Value> {
  #entries: Entry<Value>[] | undefined
  /** The entry that was found or made last: most clients ask for the same again and again. */
  #last: Entry<Value> | undefined
  /** Which entry makes way next. */
  #next = 0

  /**
   * Looks a block up.
   *
   * @param octets has the block from `start` to before `end`
   * @param generation the decoder's, now
   * @returns undefined if it isn't known
   */
  get(octets: OctetVector, start: number, end: number, generation: number): Value | undefined {
    const last = this.#last
    if (last === undefined) return undefined
    if (last.generation === generation && isAt(last.octets, octets, start, end)) return last.value
    for (const entry of this.#entries ?? []) {
      if (entry.generation === generation && isAt(entry.octets, octets, start, end)) {
        this.#last = entry
        return entry.value
      }
    }
    return undefined
  }

  /**
   * Remembers a block, unless it is long. It must have left the decoder's generation as it was.
   *
   * @param octets has the block from `start` to before `end`; copied
   * @param generation the decoder's, before and after it decoded the block
   * @param value what the block means
   */
  set(octets: OctetVector, start: number, end: number, generation: number, value: Value): void {
    if (end - start > LONGEST_BLOCK) return
    // Not `octets.slice`, which is no copy if they are a Buffer.
    const copy = new Uint8Array(octets.subarray(start, end))
    this.#entries ??= []
    this.#last = { octets: copy, generation, value }
    this.#entries[this.#next] = this.#last
    this.#next = (this.#next + 1) % CAPACITY
  }
}

/** Compares a block with the octets from `start` to before `end`. */
function isAt(block: OctetVector, octets: OctetVector, start: number, end: number): boolean {
  if (block.length !== end - start) return false
  for (let index = 0; index < block.length; index++) {
    if (block[index] !== octets[start + index]) return false
  }
  return true
}
