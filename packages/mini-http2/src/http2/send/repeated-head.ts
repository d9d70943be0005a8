import { copyOctets, type OctetVector, OutputBuffer } from '@h2lab/octets'
import { type Encoder, fieldSize } from '../../hpack'
import { areFieldPairs, type FieldList, type FieldsInit } from '../../message/fields'
import { DATE_SIZE, type DateField } from '../date-field'
import { listSizeLimit } from './header-list-limit'

/**
 * The maximum size of `content-length` in a header list, in octets as counted by RFC 9113 section
 * 6.5.2.
 */
const CONTENT_LENGTH_SIZE = fieldSize(['content-length', String(Number.MAX_SAFE_INTEGER)])

/** Longer blocks are not worth their memory on every connection, in octets. */
const LONGEST_BLOCK = 256

/**
 * A cached head. It has no `content-length` of its own, and the `date` of the time it was encoded.
 */
export class RepeatedHead {
  readonly #status: number
  /** The given names and values, alternating. */
  readonly #given: readonly unknown[]
  /** The encoder's generation in which the block is valid. */
  readonly #generation: number
  /** The encoded fields, including `:status` and `date`. */
  readonly block: OctetVector
  /** The version of the `date` that was added; undefined if none was. */
  readonly dateVersion: number | undefined
  /** As counted by RFC 9113 section 6.5.2, in octets. */
  readonly #listSize: number

  private constructor(
    status: number,
    given: readonly unknown[],
    block: OctetVector,
    generation: number,
    fields: FieldList,
    dateVersion: number | undefined,
  ) {
    this.#status = status
    this.#given = given
    this.block = block
    this.#generation = generation
    this.dateVersion = dateVersion
    this.#listSize = fields.reduce((size, field) => size + fieldSize(field), DATE_SIZE)
  }

  /**
   * Encodes a head again, to keep the block.
   *
   * @param headers as given
   * @param fields the same fields as a list, without `content-length`
   * @param date the added `date`; undefined if none
   * @returns undefined if it is not worth caching
   */
  static of(
    status: number,
    headers: FieldsInit,
    fields: FieldList,
    encoder: Encoder,
    date: DateField | undefined,
  ): RepeatedHead | undefined {
    const given = flatten(headers)
    if (given === undefined) return undefined
    const { generation } = encoder
    const output = new OutputBuffer()
    const list: FieldList = [[':status', String(status)], ...fields]
    encoder.encode(output, date === undefined ? list : [...list, ['date', date.text]])
    const block = copyOctets(output.take()!)
    if (block.length > LONGEST_BLOCK) return undefined
    return new RepeatedHead(status, given, block, generation, list, date?.version)
  }

  /**
   * Returns whether the head is the same and would be encoded in the same way.
   *
   * @param generation the encoder's generation
   * @param announced the client's SETTINGS_MAX_HEADER_LIST_SIZE; Infinity without one
   */
  matches(status: number, headers: FieldsInit, generation: number, announced: number): boolean {
    if (status !== this.#status || generation !== this.#generation) return false
    if (this.#listSize + CONTENT_LENGTH_SIZE > listSizeLimit(announced)) return false
    const given = this.#given
    let index = 0
    if (areFieldPairs(headers)) {
      // Other iterables may yield their pairs only once.
      if (!Array.isArray(headers)) return false
      for (const pair of headers) {
        if (pair.length !== 2) return false
        if (pair[0] !== given[index] || pair[1] !== given[index + 1]) return false
        index += 2
      }
    } else {
      // Inherited properties don't match, because they were not cached.
      for (const name in headers) {
        if (name !== given[index] || headers[name] !== given[index + 1]) return false
        index += 2
      }
    }
    return index === given.length
  }
}

/**
 * Alternating names and values; undefined if a name has several values or the fields are in another
 * form.
 */
function flatten(headers: FieldsInit): unknown[] | undefined {
  const list: unknown = areFieldPairs(headers) ? headers : Object.entries(headers)
  if (!Array.isArray(list)) return undefined
  const pairs = list as readonly (readonly unknown[])[]
  if (pairs.some((pair) => pair.length !== 2 || typeof pair[1] === 'object')) return undefined
  return pairs.flat()
}
