import { fieldSize, type HeaderField } from './header-field'

/** The initial size of a dynamic table, RFC 9113 section 6.5.2. */
export const DEFAULT_TABLE_SIZE = 4096

/** The smallest capacity that is allocated. It doubles from there. */
const SMALLEST_CAPACITY = 16

/**
 * The dynamic table, RFC 7541 section 2.3.2: a queue that evicts its oldest entries so that its
 * size never exceeds a maximum. A ring buffer, so entries never move.
 */
export class DynamicTable {
  /** The length is a power of two. Unused places are undefined. */
  #places: (HeaderField | undefined)[] = []
  /** The place of the next entry, modulo the number of places. */
  #next = 0
  #length = 0
  #size = 0
  #maxSize: number
  #generation = 0
  /** What is wrong with entries; made when there is anything. */
  #faults: Map<HeaderField, string> | undefined

  constructor(maxSize: number) {
    this.#maxSize = maxSize
  }

  /** The number of entries. */
  get length(): number {
    return this.#length
  }

  /** The sum of the sizes of all entries in octets, section 4.1. */
  get size(): number {
    return this.#size
  }

  get maxSize(): number {
    return this.#maxSize
  }

  /** Grows whenever an entry or the maximum size changes. */
  get generation(): number {
    return this.#generation
  }

  /**
   * Returns an entry.
   *
   * @param position 0 or more; 0 is the newest entry
   * @returns undefined if there is none at the position
   */
  get(position: number): HeaderField | undefined {
    if (position >= this.#length) return undefined
    return this.#places[(this.#next - 1 - position) & (this.#places.length - 1)]
  }

  /**
   * Adds an entry, after evicting the oldest ones to make room. An entry that is larger than the
   * whole table empties it and isn't added, which is not an error: section 4.4.
   *
   * @param fault what is wrong with it, to be remembered
   */
  insert(field: HeaderField, fault?: string): void {
    const size = fieldSize(field)
    this.#generation++
    this.#shrinkTo(this.#maxSize - size)
    if (size > this.#maxSize) return
    if (this.#length === this.#places.length) this.#grow()
    this.#places[this.#next & (this.#places.length - 1)] = field
    this.#next++
    this.#length++
    this.#size += size
    if (fault === undefined) return
    this.#faults ??= new Map()
    this.#faults.set(field, fault)
  }

  /** What was said to be wrong with an entry; undefined if nothing was. */
  faultOf(field: HeaderField): string | undefined {
    return this.#faults?.get(field)
  }

  /** Changes the maximum size and evicts the oldest entries that exceed it, section 4.3. */
  setMaxSize(maxSize: number): void {
    this.#generation++
    this.#maxSize = maxSize
    this.#shrinkTo(maxSize)
  }

  #shrinkTo(size: number): void {
    while (this.#size > size && this.#length > 0) this.#evictOldest()
  }

  #evictOldest(): void {
    const place = (this.#next - this.#length) & (this.#places.length - 1)
    const field = this.#places[place]!
    this.#size -= fieldSize(field)
    this.#faults?.delete(field)
    this.#places[place] = undefined
    this.#length--
  }

  #grow(): void {
    const places: (HeaderField | undefined)[] = []
    for (let position = this.#length - 1; position >= 0; position--) places.push(this.get(position))
    const capacity = Math.max(SMALLEST_CAPACITY, 2 * this.#places.length)
    while (places.length < capacity) places.push(undefined)
    this.#places = places
    this.#next = this.#length
  }
}
