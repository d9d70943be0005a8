import type { OctetVector, OptionNamesOf } from '@h2lab/octets'
import { checkOptionNames } from '../options'
import { BlockReader, truncated } from './block-reader'
import { DEFAULT_TABLE_SIZE, DynamicTable } from './dynamic-table'
import { fieldSize, type HeaderField } from './header-field'
import { HpackError } from './hpack-error'
import { readHuffman } from './huffman-decode'
import { readLatin1 } from './latin1'
import { STATIC_TABLE, STATIC_TABLE_LENGTH } from './static-table'

/** Limits of a {@link Decoder}. */
export interface DecoderLimits {
  /**
   * The maximum size in octets of the peer's dynamic table. Default 4096, the initial value of
   * HTTP/2 (RFC 9113 section 6.5.2). Use a smaller one only if the peer knows about it before its
   * first block. If it learns the limit from SETTINGS, call {@link Decoder.setMaxTableSize} when it
   * has acknowledged them.
   */
  readonly maxTableSize?: number | undefined
  /**
   * The maximum size of a header list in octets, counted as in RFC 9113 section 6.5.2. Default
   * 65,536.
   */
  readonly maxListSize?: number | undefined
  /**
   * The maximum number of fields in a header list, not counting cookie crumbs, which only
   * `maxListSize` limits (RFC 9113 section 8.2.3). Default 128: small fields use more memory than
   * their size suggests.
   */
  readonly maxFields?: number | undefined
}

const LIMITS: OptionNamesOf<DecoderLimits> = {
  maxTableSize: true,
  maxListSize: true,
  maxFields: true,
}

/**
 * Checks one field. It is called once for each field that a block spells out; what it says of a field that goes into the
 * dynamic table is remembered there. So a block of few octets that refers to long fields costs little.
 *
 * @returns what is wrong with the field; undefined if nothing is
 */
export type FieldCheck = (field: HeaderField) => string | undefined

/** What became of a header block. */
export type DecodeResult =
  /** Its fields in order. They are shared with the tables: don't change them. */
  | {
      readonly state: 'decoded'
      readonly fields: readonly HeaderField[]
      /** What the {@link FieldCheck} says of the first field that it finds fault with. */
      readonly fault?: string | undefined
    }
  /**
   * The header list exceeds a limit; `fields` has the fields before that point. The rest was
   * decoded as well, so the connection can continue.
   */
  | { readonly state: 'too-large'; readonly fields: readonly HeaderField[] }
  /** The block can't be decoded, and no later block can be either: RFC 9113 section 4.3. */
  | { readonly state: 'invalid'; readonly error: HpackError }

/** Section 4.2: the smallest size since the last block, and the final size. */
const MAX_SIZE_UPDATES = 2

/**
 * The decoder of one direction of a connection, RFC 7541 section 3.1. Header blocks must be
 * complete, and in the order they were sent.
 */
export class Decoder {
  readonly #table: DynamicTable
  readonly #maxListSize: number
  readonly #maxFields: number
  readonly #reader = new BlockReader()
  readonly #check: FieldCheck
  /** Of the first faulty field in the block at hand. */
  #fault: string | undefined
  /** The largest size that a size update may have. */
  #maxTableSize: number
  /**
   * The next block must begin with a size update to at most this size; Infinity if none is
   * required.
   */
  #requiredTableSize = Number.POSITIVE_INFINITY
  /** How often {@link setMaxTableSize} was called. */
  #changes = 0
  #generation = 0

  /** @throws MisuseError `INVALID_OPTION` if a limit does not exist */
  constructor(limits: DecoderLimits = {}, check: FieldCheck = noFault) {
    checkOptionNames(limits, LIMITS)
    const { maxTableSize = DEFAULT_TABLE_SIZE, maxListSize = 65_536, maxFields = 128 } = limits
    this.#maxTableSize = maxTableSize
    this.#maxListSize = maxListSize
    this.#maxFields = maxFields
    this.#check = check
    this.#table = new DynamicTable(Math.min(maxTableSize, DEFAULT_TABLE_SIZE))
  }

  /**
   * Grows whenever the same block might decode to something else: when the dynamic table or its
   * limit changes. While it stays the same, so does the result of a block.
   */
  get generation(): number {
    return this.#generation
  }

  /** The size of the dynamic table in octets, RFC 7541 section 4.1. */
  get tableSize(): number {
    return this.#table.size
  }

  /**
   * Changes the maximum size of the peer's dynamic table. For HTTP/2, call it when the peer has
   * acknowledged our SETTINGS_HEADER_TABLE_SIZE. If the table is larger, the next block must begin
   * with a size update, section 4.2.
   *
   * @param octets 0 to 2^32 - 1
   */
  setMaxTableSize(octets: number): void {
    this.#changes++
    this.#findGeneration()
    this.#maxTableSize = octets
    if (octets < this.#table.maxSize) {
      this.#requiredTableSize = Math.min(this.#requiredTableSize, octets)
    }
  }

  /**
   * Decodes a complete header block. Never throws, whatever the block contains, and stores nothing
   * beyond the limits.
   *
   * @param octets contains the block from `start` to `end` (exclusive); borrowed for the call
   */
  decode(octets: OctetVector, start = 0, end = octets.length): DecodeResult {
    const reader = this.#reader
    reader.octets = octets
    reader.offset = start
    reader.end = end
    this.#fault = undefined
    try {
      this.#readSizeUpdates()
      return this.#readFields()
    } catch (error) {
      if (error instanceof HpackError) return { state: 'invalid', error }
      throw error
    } finally {
      reader.release()
      this.#findGeneration()
    }
  }

  /** Cached, because each request reads it and the table is one more object to load. */
  #findGeneration(): void {
    this.#generation = this.#table.generation + this.#changes
  }

  /** Section 4.2: size updates are only allowed at the beginning of a block. */
  #readSizeUpdates(): void {
    const reader = this.#reader
    for (let count = 0; count < MAX_SIZE_UPDATES && reader.isAtSizeUpdate; count++) {
      const size = reader.readInteger(5)
      if (size > this.#maxTableSize) {
        throw new HpackError(
          'HPACK_TABLE_SIZE_UPDATE_TOO_LARGE',
          `A dynamic table size update sets ${size} octets, but at most ${this.#maxTableSize} are allowed (RFC 7541 section 6.3).`,
        )
      }
      if (size <= this.#requiredTableSize) this.#requiredTableSize = Number.POSITIVE_INFINITY
      this.#table.setMaxSize(size)
    }
    if (this.#requiredTableSize !== Number.POSITIVE_INFINITY) {
      throw new HpackError(
        'HPACK_TABLE_SIZE_UPDATE_MISSING',
        `The header block must begin with a dynamic table size update to ${this.#requiredTableSize} octets or less (RFC 7541 section 4.2).`,
      )
    }
  }

  #readFields(): DecodeResult {
    const reader = this.#reader
    const fields: HeaderField[] = []
    let size = 0
    let crumbs = 0
    let tooLarge = false
    while (reader.offset < reader.end) {
      const field = this.#readField()
      if (tooLarge) continue
      size += fieldSize(field)
      if (field[0] === 'cookie') crumbs++
      if (size > this.#maxListSize || fields.length - crumbs >= this.#maxFields) tooLarge = true
      else fields.push(field)
    }
    if (tooLarge) return { state: 'too-large', fields }
    return { state: 'decoded', fields, fault: this.#fault }
  }

  /** Section 6: the highest bits of the first octet select the representation. */
  #readField(): HeaderField {
    const reader = this.#reader
    const first = reader.octets[reader.offset]!
    if (first >= 0x80) return this.#fieldAt(reader.readInteger(7))
    if (first >= 0x40) {
      const name = this.#readName(6)
      const field: HeaderField = [name, this.#readString()]
      const fault = this.#check(field)
      this.#table.insert(field, fault)
      this.#fault ??= fault
      return field
    }
    if (first >= 0x20) {
      throw new HpackError(
        'HPACK_TABLE_SIZE_UPDATE_MISPLACED',
        'A dynamic table size update follows a field, or is the third one (RFC 7541 section 4.2).',
      )
    }
    const name = this.#readName(4)
    const value = this.#readString()
    const field: HeaderField = first >= 0x10 ? [name, value, true] : [name, value]
    this.#fault ??= this.#check(field)
    return field
  }

  /** The name of a literal: an index, or a string after index 0. */
  #readName(prefix: number): string {
    const index = this.#reader.readInteger(prefix)
    return index === 0 ? this.#readString() : this.#nameAt(index)
  }

  /** Section 2.3.3: both tables share one range of indexes. */
  #fieldAt(index: number): HeaderField {
    if (index <= STATIC_TABLE_LENGTH) return STATIC_TABLE[index - 1] ?? this.#invalidIndex(index)
    const field = this.#table.get(index - STATIC_TABLE_LENGTH - 1) ?? this.#invalidIndex(index)
    this.#fault ??= this.#table.faultOf(field)
    return field
  }

  /** The field itself isn't in the block: nothing is wrong with the block if its value is. */
  #nameAt(index: number): string {
    const field =
      index <= STATIC_TABLE_LENGTH
        ? STATIC_TABLE[index - 1]
        : this.#table.get(index - STATIC_TABLE_LENGTH - 1)
    return (field ?? this.#invalidIndex(index))[0]
  }

  #invalidIndex(index: number): never {
    throw new HpackError(
      'HPACK_INVALID_INDEX',
      `A header block refers to the field with index ${index}, but valid indexes are 1 to ${STATIC_TABLE_LENGTH + this.#table.length} (RFC 7541 section 2.3.3).`,
    )
  }

  /** Section 5.2: an encoding bit, the length, and the octets. */
  #readString(): string {
    const reader = this.#reader
    if (reader.offset >= reader.end) throw truncated('a literal')
    const huffman = reader.octets[reader.offset]! >= 0x80
    const length = reader.readInteger(7)
    const start = reader.offset
    if (length > reader.end - start) throw truncated('a string')
    reader.offset = start + length
    return huffman
      ? readHuffman(reader.octets, start, start + length)
      : readLatin1(reader.octets, start, start + length)
  }
}

function noFault(): undefined {}
