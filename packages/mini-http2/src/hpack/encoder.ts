import type { OptionNamesOf, OutputBuffer } from '@h2lab/octets'
import { checkOptionNames } from '../options'
import { DEFAULT_TABLE_SIZE } from './dynamic-table'
import { EncoderTable, type TableEntry } from './encoder-table'
import { FIELD_OVERHEAD, type HeaderField } from './header-field'
import { checkOctets } from './huffman-encode'
import { writeIndexed } from './indexed'
import { chooseRepresentation } from './indexing'
import { MAX_INTEGER_OCTETS, writeInteger } from './integer'
import {
  type LiteralRepresentation,
  NEVER_INDEXED,
  WITH_INCREMENTAL_INDEXING,
  WITHOUT_INDEXING,
  writeLiteral,
} from './literal'
import { STATIC_NAMES, STATIC_TABLE_LENGTH } from './static-table'

/** What an {@link Encoder} takes for itself. */
export interface EncoderOptions {
  /**
   * Octets of dynamic table that are used at most, however much the peer allows. Default 4096, with
   * which HTTP/2 begins: more memory for each connection gains little.
   */
  readonly maxTableSize?: number | undefined
}

const OPTIONS: OptionNamesOf<EncoderOptions> = { maxTableSize: true }

/**
 * The encoding side of one direction of a connection, RFC 7541 section 3.1. What it writes has to
 * reach the peer's decoder, all of it and in order.
 */
export class Encoder {
  readonly #maxTableSize: number
  readonly #table = new EncoderTable(DEFAULT_TABLE_SIZE)
  /** The smallest table size since the last block began; the table's own if it didn't sink. */
  #lowestTableSize = DEFAULT_TABLE_SIZE
  /** The table size with which the next block begins. */
  #nextTableSize = DEFAULT_TABLE_SIZE
  /** Kept, since each prebuilt response asks for it, and the table is one more object to load. */
  #hasPendingUpdate = false

  /** @throws MisuseError `INVALID_OPTION` if an option does not exist */
  constructor(options: EncoderOptions = {}) {
    checkOptionNames(options, OPTIONS)
    const { maxTableSize = DEFAULT_TABLE_SIZE } = options
    this.#maxTableSize = maxTableSize
    this.setPeerMaxTableSize(DEFAULT_TABLE_SIZE)
  }

  /**
   * Takes over the peer's SETTINGS_HEADER_TABLE_SIZE. The next block tells the peer's decoder,
   * section 4.2.
   *
   * @param octets 0 to 2^32 - 1
   */
  setPeerMaxTableSize(octets: number): void {
    this.#nextTableSize = Math.min(octets, this.#maxTableSize)
    this.#lowestTableSize = Math.min(this.#lowestTableSize, this.#nextTableSize)
    const { maxSize } = this.#table
    this.#hasPendingUpdate = this.#nextTableSize !== maxSize || this.#lowestTableSize !== maxSize
  }

  /** Whether the next block has to begin with a dynamic table size update. */
  get hasPendingUpdate(): boolean {
    return this.#hasPendingUpdate
  }

  /**
   * A number that grows with each change of the dynamic table: until it does, the same fields are
   * encoded in the same octets.
   */
  get generation(): number {
    return this.#table.generation
  }

  /**
   * Encodes a whole header block.
   *
   * @returns how many octets it has
   * @throws MisuseError `INVALID_FIELD` if a character is above U+00FF: nothing is written then
   */
  encode(output: OutputBuffer, fields: readonly HeaderField[]): number {
    // First of all, since half a block would leave the two tables different.
    for (const field of fields) {
      checkOctets(field[0])
      checkOctets(field[1])
    }
    const before = output.length
    this.beginBlock(output)
    for (const field of fields) this.encodeField(output, field[0], field[1], field[2])
    return output.length - before
  }

  /** Begins a header block: writes the size updates that are due. Its fields follow. */
  beginBlock(output: OutputBuffer): void {
    if (!this.#hasPendingUpdate) return
    // The decoder has to evict what the smallest size left no room for, as this table does.
    if (
      this.#lowestTableSize < this.#nextTableSize &&
      this.#lowestTableSize < this.#table.maxSize
    ) {
      this.#updateTableSize(output, this.#lowestTableSize)
    }
    this.#updateTableSize(output, this.#nextTableSize)
    this.#lowestTableSize = this.#nextTableSize
    this.#hasPendingUpdate = false
  }

  /**
   * Encodes a field of the block that was begun.
   *
   * @param name lower-case
   * @param sensitive whether no hop may index it, section 7.1.3. Credentials, `set-cookie` and
   *   short cookies are so anyway
   * @throws MisuseError `INVALID_FIELD` if a character is above U+00FF: nothing is written then
   */
  encodeField(output: OutputBuffer, name: string, value: string, sensitive = false): void {
    const known = STATIC_NAMES.get(name)
    const staticIndex = known?.indexByValue?.get(value)
    if (staticIndex !== undefined && !sensitive) {
      writeIndexed(output, staticIndex)
      return
    }
    const table = this.#table
    const newest = table.newestOf(name)
    if (newest !== undefined && !sensitive) {
      const entry = findValue(newest, value)
      if (entry !== undefined) {
        writeIndexed(output, FIRST_DYNAMIC_INDEX + table.indexOf(entry))
        return
      }
    }
    const nameIndex =
      known?.index ?? (newest === undefined ? 0 : FIRST_DYNAMIC_INDEX + table.indexOf(newest))
    const representation = sensitive ? NEVER_INDEXED : this.#chooseRepresentation(name, value)
    writeLiteral(output, representation, nameIndex, name, value)
    if (representation === WITH_INCREMENTAL_INDEXING) table.insert(name, value)
  }

  #chooseRepresentation(name: string, value: string): LiteralRepresentation {
    const representation = chooseRepresentation(name, value)
    if (representation !== WITH_INCREMENTAL_INDEXING) return representation
    const size = name.length + value.length + FIELD_OVERHEAD
    return size > this.#table.maxSize * LARGEST_SHARE ? WITHOUT_INDEXING : representation
  }

  #updateTableSize(output: OutputBuffer, size: number): void {
    const offset = output.reserve(MAX_INTEGER_OCTETS)
    const end = writeInteger(output.octets, offset, 5, 0x20, size)
    output.unreserve(offset + MAX_INTEGER_OCTETS - end)
    this.#table.setMaxSize(size)
  }
}

/** The index of the dynamic table's newest entry, section 2.3.3. */
const FIRST_DYNAMIC_INDEX = STATIC_TABLE_LENGTH + 1

/** A field that takes more than this of the table would push out too much for its own good. */
const LARGEST_SHARE = 3 / 4

/** Looks for a value among the entries of a name. */
function findValue(newest: TableEntry, value: string): TableEntry | undefined {
  let entry: TableEntry | undefined = newest
  while (entry !== undefined && entry.value !== value) entry = entry.older
  return entry
}
