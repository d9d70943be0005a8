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

/** Options of an {@link Encoder}. */
export interface EncoderOptions {
  /**
   * The maximum size of the dynamic table in octets, even if the peer allows more. Default 4096,
   * the initial value of HTTP/2: more memory for each connection gains little.
   */
  readonly maxTableSize?: number | undefined
}

const OPTIONS: OptionNamesOf<EncoderOptions> = { maxTableSize: true }

/**
 * The encoder of one direction of a connection, RFC 7541 section 3.1. All its output must reach the
 * peer's decoder, in order.
 */
export class Encoder {
  readonly #maxTableSize: number
  readonly #table = new EncoderTable(DEFAULT_TABLE_SIZE)
  /** The smallest table size since the last block began; the current size if it wasn't reduced. */
  #lowestTableSize = DEFAULT_TABLE_SIZE
  /** The table size for the next block. */
  #nextTableSize = DEFAULT_TABLE_SIZE
  /** Cached, because each prebuilt response reads it and the table is one more object to load. */
  #hasPendingUpdate = false

  /** @throws MisuseError `INVALID_OPTION` if an option does not exist */
  constructor(options: EncoderOptions = {}) {
    checkOptionNames(options, OPTIONS)
    const { maxTableSize = DEFAULT_TABLE_SIZE } = options
    this.#maxTableSize = maxTableSize
    this.setPeerMaxTableSize(DEFAULT_TABLE_SIZE)
  }

  /**
   * Applies the peer's SETTINGS_HEADER_TABLE_SIZE. The next block informs the peer's decoder,
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

  /** Whether the next block must begin with a dynamic table size update. */
  get hasPendingUpdate(): boolean {
    return this.#hasPendingUpdate
  }

  /**
   * Changes with the dynamic table. While it stays the same, the same fields are encoded in the
   * same octets.
   */
  get generation(): number {
    return this.#table.generation
  }

  /**
   * Encodes a complete header block.
   *
   * @returns its length in octets
   * @throws MisuseError `INVALID_FIELD` if a character is above U+00FF. Nothing is written then
   */
  encode(output: OutputBuffer, fields: readonly HeaderField[]): number {
    // Checked first, because half a block would leave the two tables different.
    for (const field of fields) {
      checkOctets(field[0])
      checkOctets(field[1])
    }
    const before = output.length
    this.beginBlock(output)
    for (const field of fields) this.encodeField(output, field[0], field[1], field[2])
    return output.length - before
  }

  /** Begins a header block and writes the pending size updates. The fields follow. */
  beginBlock(output: OutputBuffer): void {
    if (!this.#hasPendingUpdate) return
    // The decoder must evict the same entries as this table did at its smallest size.
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
   * Encodes a field of the current block.
   *
   * @param name lower-case
   * @param sensitive whether no hop may index it, section 7.1.3. Credentials, `set-cookie` and
   *   short cookies are always treated as sensitive
   * @throws MisuseError `INVALID_FIELD` if a character is above U+00FF. Nothing is written then
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

/** The index of the newest entry of the dynamic table, section 2.3.3. */
const FIRST_DYNAMIC_INDEX = STATIC_TABLE_LENGTH + 1

/**
 * Fields that take up more than this share of the table are not indexed: they would evict too much.
 */
const LARGEST_SHARE = 3 / 4

/** Searches the entries of a name for a value. */
function findValue(newest: TableEntry, value: string): TableEntry | undefined {
  let entry: TableEntry | undefined = newest
  while (entry !== undefined && entry.value !== value) entry = entry.older
  return entry
}
