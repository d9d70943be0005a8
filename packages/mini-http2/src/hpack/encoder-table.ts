import { FIELD_OVERHEAD } from './header-field'

/**
 * A field in the table. It is linked in two chains: by age, and with the fields of the same name.
 */
export interface TableEntry {
  readonly name: string
  readonly value: string
  /** The number of entries that were inserted before it. */
  readonly position: number
  /** The next newer entry. */
  next: TableEntry | undefined
  /** The next older entry of the same name. */
  older: TableEntry | undefined
  /** The next newer entry of the same name. */
  newer: TableEntry | undefined
}

/**
 * The dynamic table of an encoder: searched by name and value, evicted by age, never read by index.
 * RFC 7541 section 2.3.2.
 *
 * It has one Map by name, and the entries of a name form a chain. A Map of values for each name
 * would take several times the memory on every connection. Matches are usually among the newest
 * entries, where the chain starts.
 */
export class EncoderTable {
  /**
   * The newest entry of each name. Created with the first entry, because many connections have
   * none.
   */
  #newestByName: Map<string, TableEntry> | undefined
  #oldest: TableEntry | undefined
  #newest: TableEntry | undefined
  #inserted = 0
  #size = 0
  #maxSize: number
  #generation = 0

  constructor(maxSize: number) {
    this.#maxSize = maxSize
  }

  /** The maximum sum of the sizes of all entries in octets, section 4.1. */
  get maxSize(): number {
    return this.#maxSize
  }

  /** A number that grows with each change. */
  get generation(): number {
    return this.#generation
  }

  /** Returns the newest entry with a name, the start of its chain. */
  newestOf(name: string): TableEntry | undefined {
    return this.#newestByName?.get(name)
  }

  /** Returns the number of newer entries: the index if the newest entry has index 0. */
  indexOf(entry: TableEntry): number {
    return this.#inserted - 1 - entry.position
  }

  /** Adds an entry as in section 4.4: one that is larger than the table empties it. */
  insert(name: string, value: string): void {
    this.#generation++
    const size = name.length + value.length + FIELD_OVERHEAD
    this.#shrinkTo(this.#maxSize - size)
    if (size > this.#maxSize) return
    this.#newestByName ??= new Map()
    const older = this.#newestByName.get(name)
    const entry: TableEntry = {
      name,
      value,
      position: this.#inserted++,
      next: undefined,
      older,
      newer: undefined,
    }
    if (older !== undefined) older.newer = entry
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.next = entry
    this.#newest = entry
    this.#newestByName.set(name, entry)
    this.#size += size
  }

  /** Changes the maximum size and evicts the oldest entries that exceed it, section 4.3. */
  setMaxSize(maxSize: number): void {
    this.#generation++
    this.#maxSize = maxSize
    this.#shrinkTo(maxSize)
  }

  #shrinkTo(size: number): void {
    while (this.#oldest !== undefined && this.#size > size) this.#evict(this.#oldest)
  }

  #evict(entry: TableEntry): void {
    this.#oldest = entry.next
    if (entry.next === undefined) this.#newest = undefined
    // It is the oldest of its name, too, so it has no `older`.
    if (entry.newer === undefined) this.#newestByName?.delete(entry.name)
    else entry.newer.older = undefined
    this.#size -= entry.name.length + entry.value.length + FIELD_OVERHEAD
  }
}
